import type { Budget, Size } from "../../../config/systems.ts";
import { formatQuantity, parseQuantity } from "../../../config/quantities.ts";
import { imageOf, type LockedWorkload } from "../../charts/lock.ts";
import { chartBudget, sumOfBudgets, type Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";
import { addedContainer, addedWorkload } from "../../charts/added-workload.ts";
import type { RookCephOptions } from "./options.ts";
import { cephHelpers, daemonResources, drivers, fileKeeper, operators, toolbox } from "./resources.ts";

/** What a Ceph cluster's shape depends on. */
export interface CephShape {
  readonly size: Size;
  readonly options: Pick<RookCephOptions, "disks" | "objectStore">;
  /** Nodes that pods may run on. */
  readonly nodes: number;
}

/** Ceph's own image, which Rook's chart for clusters pins. */
export const cephImage = imageOf("rook-ceph-cluster", "ceph");

/** Copies of everything, and monitors: three where there are three nodes for them; an even number would decide nothing. */
export function copiesOn(nodes: number): number {
  return Math.max(1, Math.min(3, nodes));
}

/** Monitors vote: one, or three on three nodes. */
export function monitorsOn(nodes: number): number {
  return nodes >= 3 ? 3 : 1;
}

/** Managers: one works, the other stands by where there is a second node. */
export function managersOn(nodes: number, size: Size): number {
  return size === "small" || nodes < 2 ? 1 : 2;
}

/** Gateways that serve S3. */
export function gatewaysOf(size: Size): number {
  return size === "small" ? 1 : 2;
}

/** Pods of each CSI driver's controller. */
export function controllersOf(size: Size): number {
  return size === "small" ? 1 : 2;
}

/** What the values make of the chart `rook-ceph`, and what Rook will run for the cluster. */
export function rookCephRendering(shape: CephShape): Rendering<"rook-ceph"> {
  return {
    workloads: {
      "Deployment/rook-ceph-operator": { containers: { "rook-ceph-operator": operators.rook } },
      "Deployment/ceph-csi-controller-manager": { containers: { manager: operators.csi } },
    },
    added: cephDaemons(shape),
  };
}

function cephDaemons({ nodes, options, size }: CephShape): LockedWorkload[] {
  const resources = daemonResources(size);
  const daemon = (name: string, replicas: number, each: Resources) =>
    addedWorkload({
      name: `rook-ceph-${name}`,
      replicas,
      containers: [addedContainer(name, cephImage, each)],
    });
  const everywhere = (name: string, each: Resources) =>
    addedWorkload({
      kind: "DaemonSet",
      name: `rook-ceph-${name}`,
      containers: [addedContainer(name, cephImage, each)],
    });
  return [
    daemon("mon", monitorsOn(nodes), resources.mon),
    daemon("mgr", managersOn(nodes, size), resources.mgr),
    options.disks.kind === "volumes"
      ? daemon("osd", options.disks.count, resources.osd)
      : everywhere("osd", resources.osd),
    daemon("mds", 2, resources.mds),
    ...(options.objectStore ? [daemon("rgw", gatewaysOf(size), resources.rgw)] : []),
    everywhere("exporter", cephHelpers.exporter),
  ];
}

/** What the CSI operator will run for the drivers of the chart `ceph-csi-drivers`. */
export function driversRendering(size: Size): Rendering<"ceph-csi-drivers"> {
  return { added: ["rbd", "cephfs"].flatMap((driver) => driverPods(driver, size)) };
}

function driverPods(driver: string, size: Size): LockedWorkload[] {
  const image = (name: string) => imageOf("rook-ceph", name);
  const plugin = addedContainer(`csi-${driver}plugin`, image("cephcsi"), drivers.plugin);
  const sidecar = (name: string) => addedContainer(name, image(name), drivers.sidecar);
  return [
    addedWorkload({
      name: `rook-ceph.${driver}.csi.ceph.com-ctrlplugin`,
      replicas: controllersOf(size),
      containers: [plugin, ...["csi-provisioner", "csi-resizer", "csi-attacher"].map(sidecar)],
    }),
    addedWorkload({
      kind: "DaemonSet",
      name: `rook-ceph.${driver}.csi.ceph.com-nodeplugin`,
      privileged: true,
      containers: [plugin, { ...sidecar("csi-node-driver-registrar"), name: "driver-registrar" }],
    }),
  ];
}

/** How many nodes a budget is made for: it cannot know. OSDs count node by node all the same. */
const budgetedNodes = 3;

/** What Ceph asks of the cluster. The space of files is what others claim within them; volumes are claims. */
export function rookCephBudget(
  size: Size,
  options: CephShape["options"] & Pick<RookCephOptions, "toolbox">,
): Budget {
  const { disks } = options;
  const shape = { size, options, nodes: budgetedNodes };
  const { requests } = fileKeeper;
  return sumOfBudgets(
    chartBudget("rook-ceph", rookCephRendering(shape)),
    chartBudget("ceph-csi-drivers", driversRendering(size)),
    ...(options.toolbox ? [toolbox.requests] : []),
    {
      cpu: "0",
      memory: "0Ki",
      ...(disks.kind === "volumes" && { storage: formatQuantity(parseQuantity(disks.size) * disks.count) }),
      ...(disks.kind === "files" && { perNode: { cpu: requests.cpu, memory: requests.memory } }),
    },
  );
}
