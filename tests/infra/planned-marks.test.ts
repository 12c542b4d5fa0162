import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { K3sCluster } from "../../config/sections/cluster.ts";
import type { NodeMarks } from "../../infra/node-marks.ts";
import { planNodes } from "../../infra/nodes.ts";
import { plannedMarks } from "../../infra/planned-marks.ts";
import { master, settingsOf } from "./settings.ts";

async function marksOf(network: string): Promise<Readonly<Record<string, NodeMarks>>> {
  const site = { cloud: "on-prem", region: "lab", size: { cpu: 4, memory: "4Gi", disk: "32Gi" } };
  const settings = settingsOf(
    [
      { ...master, ingress: true, labels: { disk: "ssd" }, taints: ["dedicated=master:NoSchedule"] },
      { name: "far", cloud: "digitalocean", region: "nyc3", type: "s-2vcpu-4gb" },
      { name: "lab", hosts: ["lab-1"], gpu: "nvidia", ...site },
    ],
    { network },
  );
  const cluster = settings.cluster as K3sCluster;
  const addresses = { "master-1": pulumi.output("10.20.0.4"), "far-1": pulumi.output("10.20.1.4") };
  const marks = plannedMarks({ cluster, domain: "example.org" }, planNodes(settings), addresses);
  return new Promise((resolve) => {
    pulumi.all(marks).apply(resolve);
  });
}

describe("what Nodes are to get", () => {
  it("are the labels and taints that their pools say, not those that tell what the machine is", async () => {
    const marks = await marksOf("wireguard");
    assert.deepEqual(Object.keys(marks), ["master-1", "far-1", "lab-1"]);
    assert.deepEqual(marks["master-1"], {
      labels: {
        disk: "ssd",
        "uap.dev/ingress": "true",
        "uap.dev/role": "control-plane",
      },
      taints: ["dedicated=master:NoSchedule"],
      annotations: {},
    });
    assert.equal(marks["lab-1"]?.labels["uap.dev/gpu"], "nvidia");
    assert.deepEqual(marks["far-1"]?.annotations, {});
  });

  it("are Kilo's annotations too, where it is the pod network, with the addresses that servers were given", async () => {
    const marks = await marksOf("kilo");
    const annotations = Object.entries(marks).map(([node, ofNode]) => [node, ofNode.annotations]);
    assert.deepEqual(Object.fromEntries(annotations), {
      "master-1": { "kilo.squat.ai/force-internal-ip": "10.20.0.4/32" },
      "far-1": {
        "kilo.squat.ai/location": "nyc3-far-1",
        "kilo.squat.ai/force-internal-ip": "10.20.1.4/32",
      },
      "lab-1": { "kilo.squat.ai/location": "lab", "kilo.squat.ai/persistent-keepalive": "10" },
    });
  });
});
