import { hasStatus, type KubernetesClient } from "../client.ts";
import { createTraefik } from "../k3s-objects.ts";
import { hasCondition, type Condition, type KubernetesObject } from "../objects.ts";

/** Where k3s' Helm controller has its Jobs, and the one that installs Traefik's kinds. */
export const jobs = "/apis/batch/v1/namespaces/kube-system/jobs";
const name = "helm-install-traefik-crd";

/** The Job as k3s makes it, as far as somebody asks for it: it tolerates nothing. */
const job = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name, namespace: "kube-system", labels: { "helmcharts.helm.cattle.io/chart": "traefik-crd" } },
  spec: {
    backoffLimit: 1000,
    template: {
      spec: {
        restartPolicy: "OnFailure",
        nodeSelector: { "kubernetes.io/os": "linux" },
        containers: [{ name: "helm", image: "rancher/klipper-helm:simulated" }],
      },
    },
  },
};

/** Starts the Job of a cluster that has just begun: only when a node takes its pod, and it is done, is anything of Traefik there. */
export async function startTraefikJob(client: KubernetesClient, signal: AbortSignal): Promise<void> {
  try {
    await client.request("POST", jobs, { body: job, query: { fieldManager: "k3s" }, signal });
  } catch (error) {
    // Of an earlier start.
    if (!hasStatus(error, 409)) throw error;
  }
}

/** Installs Traefik's kinds when their Job is done. */
export async function finishTraefikJob(
  client: KubernetesClient,
  object: KubernetesObject & { readonly status?: { readonly conditions?: readonly Condition[] } },
  signal: AbortSignal,
): Promise<void> {
  if (object.metadata.name === name && hasCondition(object, "Complete")) await createTraefik(client, signal);
}
