import assert from "node:assert/strict";
import { sizes } from "../../../config/systems.ts";
import { hcloudCsiValues } from "../../../platform/storage/cloud-volumes/hcloud-csi.ts";
import { runProgram } from "../../support/mock-engine.ts";
import { settingsAt } from "../cluster/cloud-controller-settings.ts";
import { assertChartValues } from "../charts/chart-values.ts";
import { needsFacts } from "../charts/facts.ts";
import { inputsOf } from "./storage-program.ts";

describe("Hetzner's volumes", () => {
  it("set values that the chart has, at every size", function () {
    const folder = needsFacts(this);
    for (const size of sizes)
      assertChartValues(folder, "hcloud-csi", hcloudCsiValues({ cluster: "dev", size, location: "nbg1" }));
  });

  it("ask the metadata service from their node's network, since it is closed to pods", () => {
    const values = hcloudCsiValues({ cluster: "dev", size: "small", location: "nbg1" });
    assert.equal((values.node as { hostNetwork?: boolean }).hostNetwork, true);
    assert.equal(
      (values.controller as { hcloudVolumeDefaultLocation?: string }).hcloudVolumeDefaultLocation,
      "nbg1",
    );
  });

  it("take the token by a Secret, never by a value", async () => {
    const run = await runProgram(
      "dev",
      settingsAt("hetzner", { "cloud-volumes": { token: "token-of-the-test" } }),
    );
    const chart = inputsOf(run, "helm.sh/v4:Chart", "hcloud-csi") as {
      values: { controller: { hcloudToken: { existingSecret: unknown } } };
    };
    assert.ok(!JSON.stringify(chart).includes("token-of-the-test"));
    const secret = inputsOf(run, ":Secret", "cloud-volumes-token") as { metadata: { name: string } };
    assert.deepEqual(chart.values.controller.hcloudToken.existingSecret, {
      name: secret.metadata.name,
      key: "token",
    });
    const { provisioner, metadata } = inputsOf(run, ":StorageClass", "hcloud-volumes") as {
      provisioner: string;
      metadata: { name: string };
    };
    assert.deepEqual([metadata.name, provisioner], ["hcloud-volumes", "csi.hetzner.cloud"]);
  });
});
