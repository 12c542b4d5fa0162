/** What the pool's nodes are for: control-plane, worker or sensor. The kubelet may not set Kubernetes' own role labels. */
export const roleLabel = "uap.dev/role";
/** Marks the nodes where public traffic enters. */
export const ingressLabel = "uap.dev/ingress";
/** The maker of the node's GPU. */
export const gpuLabel = "uap.dev/gpu";
/** Marks the nodes that their cloud may take back at any moment. */
export const spotLabel = "uap.dev/spot";
