import type { KubernetesClient } from "../client.ts";
import type { KubernetesObject } from "../objects.ts";

interface LoadBalancerStatus {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
}

/** The fields of a Service that matter here. */
export interface Service extends KubernetesObject {
  readonly spec: { readonly type?: string; readonly loadBalancerIP?: string };
  readonly status?: LoadBalancerStatus;
}

/** The fields of an Ingress that matter here. */
export interface Ingress extends KubernetesObject {
  readonly status?: LoadBalancerStatus;
}

/** Gives a Service of type LoadBalancer its address: the one that it asks for, or else the cluster's. */
export async function exposeService(
  client: KubernetesClient,
  service: Service,
  address: string,
): Promise<void> {
  if (service.spec.type !== "LoadBalancer") return;
  await report(client, "/api/v1", "services", service, service.spec.loadBalancerIP ?? address);
}

/** Gives an Ingress the address of the cluster. */
export async function exposeIngress(
  client: KubernetesClient,
  ingress: Ingress,
  address: string,
): Promise<void> {
  await report(client, "/apis/networking.k8s.io/v1", "ingresses", ingress, address);
}

async function report(
  client: KubernetesClient,
  api: string,
  collection: string,
  object: Service | Ingress,
  address: string,
): Promise<void> {
  const known = object.status?.loadBalancer?.ingress ?? [];
  if (known.length === 1 && known[0]?.ip === address) return;
  const { namespace = "default", name } = object.metadata;
  await client.request("PATCH", `${api}/namespaces/${namespace}/${collection}/${name}/status`, {
    contentType: "application/merge-patch+json",
    body: { status: { loadBalancer: { ingress: [{ ip: address }] } } },
  });
}
