import { parseTaint, type Taint } from "../../config/node-marks.ts";
import { gpuLabel } from "../../infra/node-labels.ts";
import type { BootPlan } from "../clouds/boot.ts";
import type { KubernetesOptions } from "../kubernetes/index.ts";
import type { SimulatedNode } from "../kubernetes/simulated-node.ts";
import { publicAddressOf, type Machine } from "./machine.ts";

/** How the cluster comes to its Traefik that a machine begins: k3s installs it, unless it is told to leave it out. */
export function traefikOf({ settings }: BootPlan): NonNullable<KubernetesOptions["traefik"]> {
  return [settings.disable].flat().includes("traefik") ? "none" : "by a Job";
}

/** What k3s sets on the Node objects of its servers, and kubelets may not set on their own. */
const controlPlaneLabels = {
  "node-role.kubernetes.io/control-plane": "true",
  "node-role.kubernetes.io/etcd": "true",
};

/** The node that a machine registers: named, labelled and tainted as its user-data says, as big as the machine is. */
export function nodeOf(machine: Machine, plan: BootPlan): SimulatedNode {
  const { hardware, place } = machine;
  const { role, nodeName, labels, taints } = plan;
  const privateAddress = place.kind === "cloud" ? place.server.privateAddresses[0]?.address : undefined;
  return {
    name: nodeName,
    cpu: `${hardware.milliCpu}m`,
    memory: String(hardware.memory),
    disk: String(hardware.disk),
    arch: hardware.arch,
    address: privateAddress ?? publicAddressOf(machine),
    labels: { ...labels, ...(role === "server" && controlPlaneLabels) },
    taints: taints.map((taint) => parseTaint(taint as Taint)),
    // What its device plugin will report.
    ...(labels[gpuLabel] !== undefined && { resources: { [`${labels[gpuLabel]}.com/gpu`]: "1" } }),
  };
}
