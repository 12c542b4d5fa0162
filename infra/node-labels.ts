import type { Pool } from "../config/sections/pools.ts";

/** What the pool's nodes are for: control-plane, worker or sensor. The kubelet may not set Kubernetes' own role labels. */
export const roleLabel = "uap.dev/role";
/** Marks the nodes where public traffic enters. */
export const ingressLabel = "uap.dev/ingress";
/** The maker of the node's GPU. */
export const gpuLabel = "uap.dev/gpu";
/** Marks the nodes that their cloud may take back at any moment. */
export const spotLabel = "uap.dev/spot";

/**
 * The labels that follow from what a pool says of its nodes' use, and with it at any time. The others tell what a machine is (region, zone, type,
 * spot): they are those of the day it was made, and the kubelet sets most of them again whenever it starts.
 */
export function labelsOfUse({ labels, role, ingress, gpu }: Pool): Record<string, string> {
  return {
    ...labels,
    [roleLabel]: role,
    ...(ingress && { [ingressLabel]: "true" }),
    ...(gpu && { [gpuLabel]: gpu }),
  };
}
