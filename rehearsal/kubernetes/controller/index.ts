import type { KubernetesClient } from "../client.ts";
import { cephClusters, holdCephCluster } from "./ceph.ts";
import { follow } from "./follow.ts";
import { finishTraefikJob, jobs } from "./traefik.ts";
import { exposeIngress, exposeService, type Service } from "./load-balancers.ts";
import { reclaimVolume, serveClaim, type Claim, type Volume } from "./volumes.ts";

/** What k3s does beside Kubernetes itself, as far as programs wait for it. */
export interface Controller {
  /** Resolves once the controller does nothing any more. */
  stop(): Promise<void>;
}

/**
 * Starts what stands in for k3s' load balancer, ingress controller, Helm controller and storage provisioner: it reports addresses, installs
 * Traefik's kinds and makes volumes, with no packet and no file behind them. It works until it is stopped, through every restart of the API server.
 *
 * @param address the address that LoadBalancer Services and Ingresses get
 */
export function startController(client: KubernetesClient, address: string): Controller {
  const stopping = new AbortController();
  const { signal } = stopping;
  const work = Promise.all([
    follow(client, "/api/v1/services", (object) => exposeService(client, object as Service, address), signal),
    follow(
      client,
      "/apis/networking.k8s.io/v1/ingresses",
      (object) => exposeIngress(client, object, address),
      signal,
    ),
    follow(client, jobs, (object) => finishTraefikJob(client, object, signal), signal),
    follow(client, "/api/v1/persistentvolumeclaims", (object) => serveClaim(client, object as Claim), signal),
    follow(client, "/api/v1/persistentvolumes", (object) => reclaimVolume(client, object as Volume), signal),
    follow(client, cephClusters, (object) => holdCephCluster(client, object), signal),
  ]);
  return {
    async stop() {
      stopping.abort();
      await work;
    },
  };
}
