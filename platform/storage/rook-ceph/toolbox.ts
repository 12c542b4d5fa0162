import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { podTemplate, probeBoth } from "../../kit/container.ts";
import { selectorLabels } from "../../kit/labels.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { cephUser, toolbox } from "./resources.ts";

/** The name that Rook's own guides call it by. */
export const toolboxName = "rook-ceph-tools";

/** Where the commands look for the cluster, and for the key of its administrator. */
const settingsFolder = "/etc/ceph";
/** Where Kubernetes puts what Rook tells of the cluster. */
const sources = { endpoints: "/etc/rook", key: "/var/lib/rook-ceph-mon" } as const;

/**
 * A pod with Ceph's commands and its administrator's key, for people: `kubectl exec -it deployment/rook-ceph-tools -- ceph status`.
 *
 * @param options `dependsOn` names the cluster: Rook makes the key and the list of monitors with it
 */
export function createToolbox(
  { image, metadata }: { readonly metadata: ObjectMetadata; readonly image: string },
  options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] },
): void {
  const selector = selectorLabels("rook-ceph", toolboxName);
  new kubernetes.apps.v1.Deployment(
    toolboxName,
    {
      metadata,
      spec: {
        selector: { matchLabels: selector },
        template: podTemplate({
          labels: metadata.labels,
          selector,
          user: cephUser,
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: "tools",
              image,
              command: ["bash", "-euc", toolboxScript],
              ports: {},
              resources: toolbox,
              mounts: [
                { name: "settings", mountPath: settingsFolder },
                { name: "tmp", mountPath: "/tmp" },
                { name: "endpoints", mountPath: sources.endpoints, readOnly: true },
                { name: "key", mountPath: sources.key, readOnly: true },
              ],
              probes: probeBoth({ exec: { command: ["test", "-s", `${settingsFolder}/ceph.conf`] } }),
            },
          ],
          volumes: [
            { name: "settings", emptyDir: { medium: "Memory" } },
            { name: "tmp", emptyDir: {} },
            {
              name: "endpoints",
              configMap: { name: "rook-ceph-mon-endpoints", items: [{ key: "data", path: "mon-endpoints" }] },
            },
            {
              name: "key",
              secret: { secretName: "rook-ceph-mon", items: [{ key: "ceph-secret", path: "key" }] },
            },
          ],
        }),
      },
    },
    options,
  );
}

/** Writes the settings anew every minute: monitors move to other nodes, and keys are changed. */
export const toolboxScript = [
  `cd "\${SETTINGS:-${settingsFolder}}"`,
  `endpoints="\${ENDPOINTS:-${sources.endpoints}/mon-endpoints}"`,
  `key="\${KEY:-${sources.key}/key}"`,
  "umask 077",
  "trap 'exit 0' TERM",
  "while true; do",
  // Each monitor has its name before its address: a=10.43.0.7:6789.
  `  hosts=$(sed 's/[a-z0-9_-]*=//g' "$endpoints")`,
  `  printf '[client.admin]\\nkey = %s\\n' "$(cat "$key")" > keyring.new`,
  `  printf '[global]\\nmon_host = %s\\n[client.admin]\\nkeyring = %s\\n' "$hosts" "$PWD/keyring" > ceph.conf.new`,
  "  mv keyring.new keyring",
  "  mv ceph.conf.new ceph.conf",
  "  sleep 60 &",
  "  wait $!",
  "done",
  "",
].join("\n");
