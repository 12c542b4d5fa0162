import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Sensitive } from "../../../config/sensitive.ts";
import { veleroOptions } from "../../../platform/cluster/velero/options.ts";
import { backupAlerts, longestPause } from "../../../platform/cluster/velero/alerts.ts";
import { veleroBudget } from "../../../platform/cluster/velero/rendering.ts";
import { credentialsFile, scheduleSpec, veleroValues } from "../../../platform/cluster/velero/values.ts";
import { portOf } from "../../../platform/kit/port-of.ts";
import { valueAt } from "../charts/chart-values.ts";

const store = {
  endpoint: "https://s3.example.org",
  bucket: "backups",
  region: "eu-central-1",
  accessKey: new Sensitive("key"),
  secretKey: new Sensitive("hush"),
};
const options = { ...veleroOptions.parse({}), size: "small" } as const;

describe("Velero's backups", () => {
  it("are made once a day by default, of everything, and kept for a week", () => {
    assert.deepEqual(
      options.schedules.map((schedule) => scheduleSpec(schedule, options.volumes)),
      [
        {
          schedule: "0 3 * * *",
          template: {
            ttl: "168h0m0s",
            includedNamespaces: ["*"],
            excludedNamespaces: ["kube-node-lease"],
            defaultVolumesToFsBackup: true,
          },
        },
      ],
    );
  });

  it("go to the stack's own folder of the bucket, and no key stands in the values", () => {
    const credentials = pulumi.output("velero-credentials");
    const values = veleroValues({ cluster: "dev", options, plugin: "plugin:1", store, credentials });
    const { configuration } = values as {
      configuration: { backupStorageLocation: [{ bucket: string; prefix: string }] };
    };
    assert.equal(configuration.backupStorageLocation[0].prefix, "dev/velero");
    assert.doesNotMatch(JSON.stringify({ ...values, credentials: {} }), /hush/);
    assert.match(
      credentialsFile(store),
      /^\[default\]\naws_access_key_id=key\naws_secret_access_key=hush\n$/,
    );
  });

  it("are made by the image's own user, with a home that it can write to: Kopia keeps its settings there", () => {
    const credentials = pulumi.output("velero-credentials");
    const values = veleroValues({ cluster: "dev", options, plugin: "plugin:1", store, credentials });
    const { fsGroup, runAsGroup, runAsUser } = values.podSecurityContext as Record<string, unknown>;
    assert.deepEqual([runAsUser, runAsGroup, fsGroup], [1002, 1000, 1000]);
    // The chart mounts an empty volume there, and Velero's maintenance jobs take over both.
    assert.deepEqual(valueAt(values, "configuration.extraEnvVars"), [{ name: "HOME", value: "/scratch" }]);
  });

  it("reach the service at its port", () => {
    assert.deepEqual(
      ["https://s3.example.org", "http://s3.example.org", "https://s3.example.org:9000/x"].map(portOf),
      [443, 80, 9000],
    );
  });

  it("cost an agent on every node only where volumes are saved", () => {
    assert.equal(veleroBudget(false).perNode, undefined);
    // The agent, and the pod that moves a volume.
    assert.deepEqual(veleroBudget(true).perNode, { cpu: "70m", memory: "192Mi" });
  });

  it("have room to move a volume, on every node, whatever it is kept for", () => {
    const values = veleroValues({
      cluster: "dev",
      options,
      plugin: "plugin:1",
      store,
      credentials: pulumi.output("velero-credentials"),
    });
    const [[name, settings] = ["", undefined]] = Object.entries(values.configMaps as Record<string, unknown>);
    const { podResources } = JSON.parse(valueAt(settings, "data.agent\\.json") as string) as {
      podResources: Record<string, string>;
    };
    assert.equal(podResources.memoryLimit, "2Gi");
    assert.deepEqual(valueAt(values, "nodeAgent.extraArgs"), [`--node-agent-configmap=velero-${name}`]);
    assert.deepEqual(valueAt(values, "nodeAgent.tolerations"), [{ operator: "Exists" }]);
    const maintenance = "configuration.repositoryMaintenanceJob.repositoryConfigData.global.podResources";
    assert.equal(valueAt(values, `${maintenance}.memoryLimit`), "1Gi");
  });

  it("are missed when a schedule makes none for longer than it may pause", () => {
    const day = 86_400;
    assert.equal(longestPause("0 3 * * *"), 2 * day);
    assert.equal(longestPause("0 */6 * * *"), 2 * day);
    assert.equal(longestPause("0 3 * * 0"), 8 * day);
    assert.equal(longestPause("0 3 1 * *"), 32 * day);
    assert.equal(longestPause("0 3 1 1 *"), 367 * day);
    const alerts = backupAlerts([{ name: "weekly", schedule: "0 3 * * 0", days: 7 }]);
    assert.deepEqual(
      alerts.map(({ name }) => name),
      ["BackupFailed", "BackupStoreUnavailable", "BackupOverdue"],
    );
    assert.match(alerts[2]?.expression ?? "", /schedule="weekly".* > 691200$/);
    assert.match(alerts[2]?.summary ?? "", /more than 8d/);
  });
});
