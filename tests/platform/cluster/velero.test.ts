import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Sensitive } from "../../../config/sensitive.ts";
import { veleroOptions } from "../../../platform/cluster/velero-options.ts";
import { veleroRendering } from "../../../platform/cluster/velero-rendering.ts";
import {
  credentialsFile,
  portOf,
  scheduleSpec,
  veleroValues,
} from "../../../platform/cluster/velero-values.ts";
import { chartBudget } from "../../../platform/charts/rendering.ts";

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

  it("reach the service at its port", () => {
    assert.deepEqual(
      ["https://s3.example.org", "http://s3.example.org", "https://s3.example.org:9000/x"].map(portOf),
      [443, 80, 9000],
    );
  });

  it("cost an agent on every node only where volumes are saved", () => {
    assert.equal(chartBudget("velero", veleroRendering(false)).perNode, undefined);
    assert.deepEqual(chartBudget("velero", veleroRendering(true)).perNode, { cpu: "50m", memory: "128Mi" });
  });
});
