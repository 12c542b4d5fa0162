import assert from "node:assert/strict";

import { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import type { RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import {
  hasCondition,
  type Condition,
  type KubernetesList,
  type KubernetesObject,
} from "../../../rehearsal/kubernetes/objects.ts";
import { get, startCluster, until, untilGone, untilObject } from "./cluster.ts";

interface Pod extends KubernetesObject {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly {
      readonly state: { readonly terminated?: { readonly exitCode: number } };
    }[];
  };
}

interface Exposed extends KubernetesObject {
  readonly status: { readonly loadBalancer: { readonly ingress?: readonly { readonly ip: string }[] } };
}

interface Claim extends KubernetesObject {
  readonly spec: { readonly volumeName?: string };
  readonly status: { readonly phase: string; readonly capacity?: { readonly storage: string } };
}

interface Volume extends KubernetesObject {
  readonly spec: { readonly capacity: { readonly storage: string }; readonly nodeAffinity?: unknown };
}

describe("a workload on the embedded Kubernetes", () => {
  let cluster: RunningKubernetes;
  let client: KubernetesClient;

  const core = "/api/v1/namespaces/default";
  const apps = "/apis/apps/v1/namespaces/default";
  const container = { name: "main", image: "registry.example/main:1" };

  before(async () => {
    cluster = await startCluster();
    client = new KubernetesClient(cluster.kubeconfig);
  });
  after(async () => {
    await client.close();
    await cluster.stop();
  });

  it("finds the nodes ready, with the size they were given", async () => {
    const { items } = (await client.request("GET", "/api/v1/nodes")) as KubernetesList<
      KubernetesObject & {
        readonly status: { readonly allocatable: object; readonly conditions: readonly Condition[] };
      }
    >;
    assert.deepEqual(
      items.map((node) => node.metadata.name),
      ["one", "two"],
    );
    for (const node of items) {
      assert.ok(hasCondition(node, "Ready"));
      assert.deepEqual(node.status.allocatable, {
        cpu: "4",
        memory: "8Gi",
        pods: "110",
        "ephemeral-storage": "100Gi",
      });
    }
  });

  it("runs a Deployment's pods, init containers and sidecars included", async () => {
    const labels = { app: "web" };
    const initContainers = [
      { ...container, name: "prepare" },
      { ...container, name: "sidecar", restartPolicy: "Always" },
    ];
    await client.request("POST", `${apps}/deployments`, {
      body: {
        metadata: { name: "web" },
        spec: {
          replicas: 3,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { initContainers, containers: [container] } },
        },
      },
    });
    await untilObject<KubernetesObject & { readonly status: { readonly availableReplicas?: number } }>(
      client,
      `${apps}/deployments/web`,
      (deployment) => deployment.status.availableReplicas === 3,
    );
    const pods = (await client.request("GET", `${core}/pods`, {
      query: { labelSelector: "app=web" },
    })) as KubernetesList<Pod>;
    assert.equal(pods.items.length, 3);
    assert.equal(new Set(pods.items.map((pod) => pod.status.podIP)).size, 3);
    for (const pod of pods.items) {
      assert.equal(pod.status.phase, "Running");
      assert.ok(hasCondition(pod, "Ready"));
      assert.deepEqual(
        pod.status.initContainerStatuses?.map((status) => status.state.terminated?.exitCode),
        [0, undefined],
      );
    }
  });

  it("gives pods of the host's network the address of their node", async () => {
    await client.request("POST", `${core}/pods`, {
      body: { metadata: { name: "host" }, spec: { hostNetwork: true, containers: [container] } },
    });
    const pod = await untilObject<Pod>(
      client,
      `${core}/pods/host`,
      ({ status }) => status.phase === "Running",
    );
    assert.equal(pod.status.podIP, new URL(cluster.server).hostname);
  });

  it("leaves a pod pending that fits on no node", async () => {
    const resources = { requests: { cpu: "5" } };
    await client.request("POST", `${core}/pods`, {
      body: { metadata: { name: "big" }, spec: { containers: [{ ...container, resources }] } },
    });
    const pod = await untilObject<Pod>(
      client,
      `${core}/pods/big`,
      ({ status }) =>
        status.conditions?.some(({ type, status: value }) => type === "PodScheduled" && value === "False") ??
        false,
    );
    assert.match(pod.status.conditions?.[0]?.message ?? "", /Insufficient cpu/);
  });

  it("ends a pod that is deleted", async () => {
    await client.request("POST", `${core}/pods`, {
      body: { metadata: { name: "brief" }, spec: { containers: [container] } },
    });
    await untilObject<Pod>(client, `${core}/pods/brief`, (pod) => pod.status.phase === "Running");
    await client.request("DELETE", `${core}/pods/brief`);
    await untilGone(client, `${core}/pods/brief`);
  });

  it("completes a Job", async () => {
    const jobs = "/apis/batch/v1/namespaces/default/jobs";
    await client.request("POST", jobs, {
      body: {
        metadata: { name: "once" },
        spec: { template: { spec: { containers: [container], restartPolicy: "Never" } } },
      },
    });
    await untilObject<KubernetesObject & { readonly status: { readonly conditions?: readonly Condition[] } }>(
      client,
      `${jobs}/once`,
      (job) => hasCondition(job, "Complete"),
    );
  });

  it("gives Services of type LoadBalancer and Ingresses an address", async () => {
    const host = new URL(cluster.server).hostname;
    const ports = [{ port: 80 }];
    await client.request("POST", `${core}/services`, {
      body: { metadata: { name: "front" }, spec: { type: "LoadBalancer", ports } },
    });
    await client.request("POST", `${core}/services`, {
      body: {
        metadata: { name: "chosen" },
        spec: { type: "LoadBalancer", loadBalancerIP: "192.0.2.7", ports },
      },
    });
    await client.request("POST", `${core}/services`, {
      body: { metadata: { name: "back" }, spec: { ports } },
    });
    const ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
    const backend = { service: { name: "back", port: { number: 80 } } };
    await client.request("POST", ingresses, {
      body: { metadata: { name: "site" }, spec: { defaultBackend: backend } },
    });

    const hasAddress = ({ status }: Exposed) => status.loadBalancer.ingress !== undefined;
    const addressOf = async (path: string) =>
      (await untilObject<Exposed>(client, path, hasAddress)).status.loadBalancer.ingress?.map(({ ip }) => ip);
    assert.deepEqual(await addressOf(`${core}/services/front`), [host]);
    assert.deepEqual(await addressOf(`${core}/services/chosen`), ["192.0.2.7"]);
    assert.deepEqual(await addressOf(`${ingresses}/site`), [host]);
    const back = (await get(client, `${core}/services/back`)) as Exposed;
    assert.equal(back.status.loadBalancer.ingress, undefined);
  });

  it("has what k3s brings: storage class, ingress class, Traefik's middlewares and settings of packaged charts", async () => {
    const { spec } = (await client.request("POST", `${core}/persistentvolumeclaims`, {
      body: {
        metadata: { name: "unused" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    })) as { readonly spec: { readonly storageClassName: string } };
    assert.equal(spec.storageClassName, "local-path");
    await client.request("GET", "/apis/networking.k8s.io/v1/ingressclasses/traefik");
    const body = {
      apiVersion: "traefik.io/v1alpha1",
      kind: "Middleware",
      metadata: { name: "auth" },
      spec: { basicAuth: { secret: "users" } },
    };
    const middleware = await client.request(
      "POST",
      "/apis/traefik.io/v1alpha1/namespaces/default/middlewares",
      { body },
    );
    assert.deepEqual((middleware as typeof body).spec, body.spec);
    await client.request("GET", "/apis/helm.cattle.io/v1/namespaces/kube-system/helmchartconfigs");
  });

  describe("with storage", () => {
    const claims = `${core}/persistentvolumeclaims`;

    async function claim(
      name: string,
      storageClassName: string,
      accessMode = "ReadWriteOnce",
    ): Promise<void> {
      const resources = { requests: { storage: "1Gi" } };
      await client.request("POST", claims, {
        body: { metadata: { name }, spec: { storageClassName, accessModes: [accessMode], resources } },
      });
    }

    async function use(name: string): Promise<void> {
      const volumes = [{ name: "data", persistentVolumeClaim: { claimName: name } }];
      await client.request("POST", `${core}/pods`, {
        body: { metadata: { name }, spec: { containers: [container], volumes } },
      });
    }

    const bound = (name: string) =>
      untilObject<Claim>(client, `${claims}/${name}`, ({ status }) => status.phase === "Bound");
    const volumePath = (of: Claim) => `/api/v1/persistentvolumes/${of.spec.volumeName ?? ""}`;

    before(async () => {
      await client.request("POST", "/apis/storage.k8s.io/v1/storageclasses", {
        body: { metadata: { name: "cloud" }, provisioner: "csi.example.org", allowVolumeExpansion: true },
      });
    });

    it("binds a claim of local-path once a pod uses it, to the pod's node, and removes the volume with the claim", async () => {
      await claim("local", "local-path");
      await use("local");
      const pod = await untilObject<Pod>(
        client,
        `${core}/pods/local`,
        ({ status }) => status.phase === "Running",
      );
      const path = volumePath(await bound("local"));
      const volume = (await client.request("GET", path)) as Volume;
      assert.match(JSON.stringify(volume.spec.nodeAffinity), new RegExp(`"${pod.spec.nodeName ?? "?"}"`));

      await client.request("DELETE", `${core}/pods/local`);
      await client.request("DELETE", `${claims}/local`);
      await untilGone(client, `${claims}/local`);
      await untilGone(client, path);
    });

    it("binds a claim of any other provisioner at once, and lets it grow", async () => {
      await claim("cloud", "cloud", "ReadWriteMany");
      const path = volumePath(await bound("cloud"));
      await client.request("PATCH", `${claims}/cloud`, {
        contentType: "application/merge-patch+json",
        body: { spec: { resources: { requests: { storage: "3Gi" } } } },
      });
      await untilObject<Claim>(client, `${claims}/cloud`, ({ status }) => status.capacity?.storage === "3Gi");
      assert.equal(((await client.request("GET", path)) as Volume).spec.capacity.storage, "3Gi");
    });

    it("says why local-path cannot serve a claim for many nodes", async () => {
      await claim("shared", "local-path", "ReadWriteMany");
      await use("shared");
      const message = await until(async () => {
        const query = { fieldSelector: "involvedObject.name=shared,reason=ProvisioningFailed" };
        const events = (await client.request("GET", `${core}/events`, { query })) as KubernetesList<{
          readonly message: string;
        }>;
        return events.items[0]?.message;
      });
      assert.match(message, /access mode ReadWriteMany needs another storage class/);
      assert.equal(((await get(client, `${claims}/shared`)) as Claim).status.phase, "Pending");
    });
  });

  it("is served again after the API server was killed, by the controller too", async () => {
    await cluster.restartApiServer();
    await client.request("POST", `${core}/services`, {
      body: { metadata: { name: "later" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } },
    });
    await untilObject<Exposed>(
      client,
      `${core}/services/later`,
      ({ status }) => status.loadBalancer.ingress !== undefined,
    );
    await client.request("POST", `${core}/pods`, {
      body: { metadata: { name: "later" }, spec: { containers: [container] } },
    });
    await untilObject<Pod>(client, `${core}/pods/later`, (pod) => pod.status.phase === "Running");
  });
});
