import type { Size } from "../../../config/systems.ts";
import { imageOf, type LockedWorkload } from "../../charts/lock.ts";
import type { Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";
import { addedContainer, addedWorkload } from "../../charts/added-workload.ts";

/** One manager a node: it keeps the state of all volumes in memory. */
const manager = {
  requests: { cpu: "50m", memory: "192Mi" },
  limits: { cpu: "1", memory: "768Mi" },
} as const satisfies Resources;

/** A sidecar of the CSI driver. */
const sidecar = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
} as const satisfies Resources;

/** The part of the CSI driver that mounts. */
const plugin = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

/**
 * What a container of the namespace gets that says nothing: those that Longhorn has no setting for. The instance managers are among them,
 * through which all data of their node pass, and which ask for a part of its processors: on a big node for more than other namespaces allow.
 */
export const longhornContainers = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "8", memory: "8Gi" },
} as const satisfies Resources;

/** Share of a node's processors that its instance manager asks for, in percent; Longhorn's own default is 12. */
export const instanceManagerCpu = 5;

/** The same of a node with eight cores, the biggest that the project's stacks have; the rest are the namespace's defaults. */
const instanceManager = {
  requests: { cpu: "400m", memory: longhornContainers.requests.memory },
  limits: longhornContainers.limits,
} as const satisfies Resources;

/** What the containers may use, as far as the chart and Longhorn's settings let it be said. */
export const longhornResources = { manager, sidecar, plugin } as const;

/** The CSI sidecars, which Longhorn runs as Deployments. */
const sidecars = ["csi-attacher", "csi-provisioner", "csi-resizer", "csi-snapshotter"] as const;

/** Pods of the page and of each CSI sidecar; one leads, the others stand by. */
export function longhornReplicas(size: Size): number {
  return size === "small" ? 1 : 2;
}

/** Longhorn's setting for the CSI driver's containers, by its own names of them. */
export function componentResources(): Readonly<Record<string, Resources>> {
  return {
    ...Object.fromEntries(sidecars.map((name) => [name, sidecar])),
    "longhorn-csi-plugin": plugin,
    "node-driver-registrar": sidecar,
    "longhorn-liveness-probe": sidecar,
  };
}

/** What the values make of the chart `longhorn`, and what the manager runs besides. */
export function longhornRendering(size: Size): Rendering<"longhorn"> {
  return {
    containers: longhornContainers,
    workloads: {
      "DaemonSet/longhorn-manager": { containers: { "longhorn-manager": manager } },
      "Deployment/longhorn-ui": { replicas: longhornReplicas(size) },
    },
    added: [
      ...sidecars.map((name) =>
        addedWorkload({
          name,
          replicas: longhornReplicas(size),
          containers: [addedContainer(name, imageOf("longhorn", name), sidecar)],
        }),
      ),
      ...daemons(),
    ],
  };
}

function daemons(): LockedWorkload[] {
  const everywhere = { kind: "DaemonSet", privileged: true } as const;
  const image = (name: string) => imageOf("longhorn", name);
  return [
    addedWorkload({
      ...everywhere,
      name: "longhorn-csi-plugin",
      containers: [
        addedContainer("node-driver-registrar", image("csi-node-driver-registrar"), sidecar),
        addedContainer("longhorn-liveness-probe", image("livenessprobe"), sidecar),
        addedContainer("longhorn-csi-plugin", image("longhorn-manager"), plugin),
      ],
    }),
    addedWorkload({
      ...everywhere,
      name: "engine-image",
      containers: [addedContainer("engine-image", image("longhorn-engine"), longhornContainers)],
    }),
    addedWorkload({
      ...everywhere,
      name: "instance-manager",
      containers: [addedContainer("instance-manager", image("longhorn-instance-manager"), instanceManager)],
    }),
  ];
}
