import assert from "node:assert/strict";
import { sizes } from "../../../config/systems.ts";
import { complainAboutNodes, hcloudCsiValues } from "../../../platform/storage/hcloud-csi.ts";
import { runProgram } from "../../support/mock-engine.ts";
import { assertChartValues } from "../charts/chart-values.ts";
import { needsFacts } from "../charts/facts.ts";
import { inputsOf, runWith } from "./storage-program.ts";

describe("Hetzner's volumes", () => {
  it("set values that the chart has, at every size", function () {
    const folder = needsFacts(this);
    for (const size of sizes)
      for (const location of [undefined, "nbg1"])
        assertChartValues(folder, "hcloud-csi", hcloudCsiValues({ cluster: "dev", size, location }));
  });

  it("are refused where a node is elsewhere", () => {
    assert.equal(complainAboutNodes([{ name: "all", cloud: "hetzner" }]), undefined);
    assert.equal(complainAboutNodes([]), undefined);
    assert.match(
      complainAboutNodes([
        { name: "nbg", cloud: "hetzner" },
        { name: "lab", cloud: "on-prem" },
      ]) ?? "",
      /these pools are elsewhere: lab \(on-prem\)\. Write `cloud-volumes: false`/,
    );
  });

  it("refuse a hybrid stack before anything is registered at a cloud", () =>
    assert.rejects(
      runProgram("c2", {
        "uap:domain": "example.org",
        "uap:pools": [
          {
            name: "tokyo2",
            cloud: "linode",
            region: "ap-northeast",
            type: "g6-standard-4",
            role: "control-plane",
          },
        ],
        "uap:dns": { provider: "linode" },
        "uap:acme": { email: "ops@example.org" },
        "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
        "uap:platform": { preset: "minimal", systems: { portal: false, "cloud-volumes": true } },
      }),
      /these pools are elsewhere: tokyo2 \(linode\)/,
    ));

  it("take the token by a Secret, never by a value", async () => {
    const run = await runWith({ "cloud-volumes": { token: "token-of-the-test" } });
    const chart = inputsOf(run, ":Chart", "hcloud-csi");
    assert.ok(!JSON.stringify(chart).includes("token-of-the-test"));
    const { metadata } = inputsOf(run, ":Secret", "hcloud-token") as { metadata: { name: string } };
    assert.equal(metadata.name, "hcloud");
    const { provisioner, metadata: named } = inputsOf(run, ":StorageClass", "hcloud-volumes") as {
      provisioner: string;
      metadata: { name: string };
    };
    assert.deepEqual([named.name, provisioner], ["hcloud-volumes", "csi.hetzner.cloud"]);
  });
});
