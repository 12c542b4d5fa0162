import { z } from "zod";
import type { KubernetesApi } from "../kubernetes-api.ts";
import type { Obstacle } from "./obstacle.ts";

/** Where the API server tells of Traefik's kinds, and the one that web pages need. */
const kinds = { path: "/apis/traefik.io/v1alpha1", needed: "middlewares" } as const;

/** The Job of k3s that installs the chart with Traefik's kinds. */
export const traefikJob = { namespace: "kube-system", name: "helm-install-traefik-crd" } as const;

const kindsSchema = z.object({ resources: z.array(z.object({ name: z.string() })) });

const jobSchema = z.object({
  status: z.object({ failed: z.int().default(0), succeeded: z.int().default(0) }).prefault({}),
});

const waiting = z.object({ reason: z.string().default("") });
const podsSchema = z.object({
  items: z.array(
    z.object({
      status: z
        .object({
          phase: z.string().default("Pending"),
          conditions: z
            .array(z.object({ reason: z.string().default(""), message: z.string().default("") }))
            .default([]),
          containerStatuses: z
            .array(z.object({ state: z.object({ waiting: waiting.optional() }).prefault({}) }))
            .default([]),
        })
        .prefault({}),
    }),
  ),
});

/**
 * Whether k3s has installed its Traefik so far that objects of Traefik's kinds can be made. On a fresh node that takes minutes after the node
 * is ready: a Job pulls an image and runs Helm.
 *
 * @returns what is seen of the Job; undefined when the kinds are there.
 */
export async function traefikObstacle(api: KubernetesApi): Promise<Obstacle | undefined> {
  const { body, status } = await api.request(kinds.path);
  const { resources } = status === 200 ? kindsSchema.parse(JSON.parse(body)) : { resources: [] };
  if (resources.some(({ name }) => name === kinds.needed)) return undefined;
  return { kind: "traefik", detail: await jobState(api) };
}

async function jobState(api: KubernetesApi): Promise<string> {
  const { name, namespace } = traefikJob;
  const { body, status } = await api.request(`/apis/batch/v1/namespaces/${namespace}/jobs/${name}`);
  if (status !== 200) return `k3s has not started the Job ${name}`;
  const { failed, succeeded } = jobSchema.parse(JSON.parse(body)).status;
  if (succeeded > 0) return `the Job ${name} is done, and the API server does not serve them yet`;
  const times = failed === 0 ? "" : `, and has failed ${failed} times`;
  const selector = encodeURIComponent(`batch.kubernetes.io/job-name=${name}`);
  const pods = await api.request(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
  return `the Job ${name} ${podState(pods.body)}${times}`;
}

/** What the Job's last pod does. */
function podState(list: string): string {
  const pod = podsSchema.parse(JSON.parse(list)).items.at(-1);
  if (!pod) return "has no pod";
  const { conditions, containerStatuses, phase } = pod.status;
  const refused = conditions.find(({ reason }) => reason === "Unschedulable");
  if (refused) return `finds no node (${refused.message})`;
  const reason = containerStatuses.flatMap(({ state }) => state.waiting?.reason ?? [])[0];
  if (reason !== undefined && reason !== "") return `waits to start (${reason})`;
  return phase === "Running" ? "is running" : `waits to start (${phase})`;
}
