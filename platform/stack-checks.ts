import type { Check } from "../config/checks/check.ts";
import { findNodeMistakes } from "../infra/node-checks.ts";
import { chartCheck } from "./charts/chart-check.ts";
import { simulationCheck } from "./charts/simulation-check.ts";
import { meshMemberCheck } from "./cluster/istio/mesh.ts";
import { runtimeClassCheck } from "./cluster/nvidia/runtime-class-check.ts";
import { fitCheck } from "./demands.ts";
import type { PlatformConfiguration } from "./layer.ts";
import { copyTargetCheck } from "./storage/object-store/wiring.ts";
import { roomForCephCheck } from "./storage/rook-ceph/room.ts";
import { defaultClassCheck, storageRoleCheck } from "./storage/roles.ts";

type StackCheck = Check<PlatformConfiguration>;

/** That the nodes can be had as their pools are written. */
const nodeCheck: StackCheck = {
  reads: ["cluster.kind", "cluster.network", "network", "pools"],
  find: (configuration) => (configuration.cluster.kind === "k3s" ? findNodeMistakes(configuration) : []),
};

/** A check that judges by the nodes, passed over where they cannot be had. */
function onNodes(check: StackCheck): StackCheck {
  return {
    reads: check.reads,
    find: (configuration) => (nodeCheck.find(configuration).length > 0 ? [] : check.find(configuration)),
  };
}

/** What infrastructure and platform ask of a configuration, so that its mistakes are told with all others, before anything is created. */
export const stackChecks: readonly StackCheck[] = [
  nodeCheck,
  chartCheck,
  simulationCheck,
  meshMemberCheck,
  runtimeClassCheck,
  storageRoleCheck,
  defaultClassCheck,
  copyTargetCheck,
  onNodes(roomForCephCheck),
  onNodes(fitCheck),
];
