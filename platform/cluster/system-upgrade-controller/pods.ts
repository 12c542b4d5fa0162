import type { types } from "@pulumi/kubernetes";
import { upgradeController } from "../../../infra/bootstrap/upgrade-plans.ts";
import type { Resources } from "../../kit/container.ts";
import { hardened, nonRoot } from "../../kit/security.ts";

/** What the controller may use. */
export const controllerResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

/** The user of the controller's image. */
const user = 65534;

/** The controller and the Jobs that it makes, by the variables of its manifests. */
function settings(kubectl: string): Readonly<Record<string, string>> {
  return {
    SYSTEM_UPGRADE_CONTROLLER_LEADER_ELECT: "false",
    SYSTEM_UPGRADE_CONTROLLER_THREADS: "2",
    // A drain may take ten minutes; the image must be pulled before.
    SYSTEM_UPGRADE_JOB_ACTIVE_DEADLINE_SECONDS: "1800",
    SYSTEM_UPGRADE_JOB_BACKOFF_LIMIT: "5",
    SYSTEM_UPGRADE_JOB_IMAGE_PULL_POLICY: "IfNotPresent",
    SYSTEM_UPGRADE_JOB_KUBECTL_IMAGE: kubectl,
    SYSTEM_UPGRADE_JOB_PRIVILEGED: "true",
    SYSTEM_UPGRADE_JOB_TTL_SECONDS_AFTER_FINISH: "900",
    SYSTEM_UPGRADE_PLAN_POLLING_INTERVAL: "15m",
  };
}

/**
 * The controller's pod, on a control plane, which outlives the drain of any agent. The label `upgrade.cattle.io/controller` keeps it from
 * being drained by its own Jobs. The image holds one program, which offers nothing to probe.
 */
export function controllerPods(
  { controller, kubectl }: { readonly controller: string; readonly kubectl: string },
  labels: Readonly<Record<string, string>>,
): types.input.core.v1.PodTemplateSpec {
  const name = "system-upgrade-controller";
  const fields = {
    SYSTEM_UPGRADE_CONTROLLER_NAME: "metadata.labels['upgrade.cattle.io/controller']",
    SYSTEM_UPGRADE_CONTROLLER_NAMESPACE: "metadata.namespace",
    SYSTEM_UPGRADE_CONTROLLER_NODE_NAME: "spec.nodeName",
  };
  return {
    metadata: { labels: { ...labels, "upgrade.cattle.io/controller": name } },
    spec: {
      serviceAccountName: upgradeController.serviceAccount,
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      securityContext: {
        ...nonRoot(user),
      },
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }] },
            ],
          },
        },
      },
      // Control planes may have any taint, and a node that is being upgraded has one more.
      tolerations: [{ operator: "Exists" }],
      containers: [
        {
          name,
          image: controller,
          env: [
            ...Object.entries(settings(kubectl)).map(([key, value]) => ({ name: key, value })),
            ...Object.entries(fields).map(([key, fieldPath]) => ({
              name: key,
              valueFrom: { fieldRef: { fieldPath } },
            })),
          ],
          resources: controllerResources,
          volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
          securityContext: hardened,
        },
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
    },
  };
}
