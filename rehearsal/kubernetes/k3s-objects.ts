import { hasStatus, type KubernetesClient } from "./client.ts";
import { hasCondition, type Condition, type KubernetesObject } from "./objects.ts";

/** Custom resources of Traefik that k3s installs. Their contents are Traefik's own affair. */
const middlewares = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "middlewares.traefik.io" },
  spec: {
    group: "traefik.io",
    scope: "Namespaced",
    names: { kind: "Middleware", listKind: "MiddlewareList", plural: "middlewares", singular: "middleware" },
    versions: [
      {
        name: "v1alpha1",
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
    create(client, "/apis/networking.k8s.io/v1/ingressclasses", traefik, signal),
    create(client, definitions, middlewares, signal),
  ]);
  const query = { fieldSelector: `metadata.name=${middlewares.metadata.name}` };
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
