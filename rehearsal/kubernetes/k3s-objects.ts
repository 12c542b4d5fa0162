import { hasStatus, type KubernetesClient } from "./client.ts";
import { hasCondition, type Condition, type KubernetesObject } from "./objects.ts";

/** Definitions that k3s installs, of its own Helm controller and of Traefik. Their contents are those programs' own affair. */
const chartSettings = definition("helm.cattle.io", "v1", "HelmChartConfig", "helmchartconfigs");
const middlewares = definition("traefik.io", "v1alpha1", "Middleware", "middlewares");

function definition(group: string, version: string, kind: string, plural: string) {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              required: ["metadata", "spec"],
              properties: {
                apiVersion: { type: "string" },
                kind: { type: "string" },
                metadata: { type: "object" },
                spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
              },
            },
          },
        },
      ],
    },
  };
}

/**
 * What k3s calls the runtimes that containerd may find on a node: its packaged component `runtimes`, in
 * https://github.com/k3s-io/k3s/blob/master/manifests/runtimes.yaml.
 */
const runtimes = [
  "nvidia",
  "nvidia-experimental",
  "crun",
  "lunatic",
  "slight",
  "spin",
  "wws",
  "wasmedge",
  "wasmer",
  "wasmtime",
];

function runtimeClass(name: string) {
  return { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", metadata: { name }, handler: name };
}

const localPath = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: {
    name: "local-path",
    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
  },
  provisioner: "rancher.io/local-path",
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
};

const traefik = {
  apiVersion: "networking.k8s.io/v1",
  kind: "IngressClass",
  metadata: {
    name: "traefik",
    annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
  },
  spec: { controller: "traefik.io/ingress-controller" },
};

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface Definition extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Creates what every k3s cluster has from the start, where it is missing, and waits until it can be used. */
export async function createK3sObjects(client: KubernetesClient, signal: AbortSignal): Promise<void> {
  await Promise.all([
    create(client, "/apis/storage.k8s.io/v1/storageclasses", localPath, signal),
    createDefinition(client, chartSettings, signal),
    ...runtimes.map((name) =>
      create(client, "/apis/node.k8s.io/v1/runtimeclasses", runtimeClass(name), signal),
    ),
  ]);
}

/** Creates what k3s' Traefik brings along, where it is missing, and waits until it can be used. */
export async function createTraefik(client: KubernetesClient, signal: AbortSignal): Promise<void> {
  await Promise.all([
    create(client, "/apis/networking.k8s.io/v1/ingressclasses", traefik, signal),
    createDefinition(client, middlewares, signal),
  ]);
}

async function createDefinition(
  client: KubernetesClient,
  body: ReturnType<typeof definition>,
  signal: AbortSignal,
): Promise<void> {
  await create(client, definitions, body, signal);
  const query = { fieldSelector: `metadata.name=${body.metadata.name}` };
  for await (const { object } of client.watch<Definition>(definitions, { query, signal })) {
    if (hasCondition(object, "Established")) return;
  }
  signal.throwIfAborted();
}

async function create(
  client: KubernetesClient,
  path: string,
  body: KubernetesObject,
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.request("POST", path, { body, query: { fieldManager: "k3s" }, signal });
  } catch (error) {
    // There already; whatever was changed about it since stays so.
    if (!hasStatus(error, 409)) throw error;
  }
}
