import type { K3sVersion } from "../../config/sections/cluster.ts";

/** The namespace of the system-upgrade-controller, and its account that may drain nodes; from its release manifests. */
export const upgradeController = { namespace: "system-upgrade", serviceAccount: "system-upgrade" } as const;

/** Replaces k3s' binary on a node and ends the process; systemd starts the new one. */
const upgradeImage = "rancher/k3s-upgrade";

const controlPlaneLabel = "node-role.kubernetes.io/control-plane";

/** A Plan of the system-upgrade-controller, the fields that are used. */
export interface UpgradePlan {
  readonly apiVersion: "upgrade.cattle.io/v1";
  readonly kind: "Plan";
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly concurrency: number;
    readonly version: K3sVersion;
    readonly nodeSelector: {
      readonly matchExpressions: readonly {
        readonly key: string;
        readonly operator: "Exists" | "DoesNotExist";
      }[];
    };
    readonly tolerations: readonly { readonly operator: "Exists" }[];
    readonly serviceAccountName: string;
    readonly cordon: boolean;
    readonly drain: {
      readonly force: boolean;
      readonly ignoreDaemonSets: boolean;
      readonly deleteEmptydirData: boolean;
      /** Nanoseconds, as Go's durations are. */
      readonly timeout: number;
    };
    readonly prepare?: { readonly image: string; readonly args: readonly string[] };
    readonly upgrade: { readonly image: string };
  };
}

/** Pods that ignore their end hold an upgrade up no longer than this: 10 minutes. */
const drainTimeout = 10 * 60 * 1e9;

/**
 * The Plans that bring every node to a version of k3s: one node at a time, drained before and uncordoned after, control planes first. The
 * agents' Plan waits for the control planes' one.
 */
export function upgradePlans(version: K3sVersion): UpgradePlan[] {
  return [
    plan("k3s-control-planes", version, "Exists"),
    plan("k3s-agents", version, "DoesNotExist", {
      image: upgradeImage,
      args: ["prepare", "k3s-control-planes"],
    }),
  ];
}

function plan(
  name: string,
  version: K3sVersion,
  controlPlane: "Exists" | "DoesNotExist",
  prepare?: UpgradePlan["spec"]["prepare"],
): UpgradePlan {
  return {
    apiVersion: "upgrade.cattle.io/v1",
    kind: "Plan",
    metadata: { name, namespace: upgradeController.namespace },
    spec: {
      concurrency: 1,
      version,
      nodeSelector: { matchExpressions: [{ key: controlPlaneLabel, operator: controlPlane }] },
      // Tainted nodes are upgraded like others.
      tolerations: [{ operator: "Exists" }],
      serviceAccountName: upgradeController.serviceAccount,
      cordon: true,
      drain: { force: true, ignoreDaemonSets: true, deleteEmptydirData: true, timeout: drainTimeout },
      ...(prepare && { prepare }),
      upgrade: { image: upgradeImage },
    },
  };
}
