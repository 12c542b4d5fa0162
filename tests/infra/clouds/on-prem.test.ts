import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { OnPremPool } from "../../../config/sections/pools.ts";
import { OnPrem, type OnPremNode } from "../../../infra/clouds/on-prem.ts";
import { runComponents, valueOf } from "../../support/components.ts";

const pool: OnPremPool = {
  name: "lab",
  cloud: "on-prem",
  region: "lab",
  role: "worker",
  hosts: ["lab-gpu", "lab-d1"],
  arch: "amd64",
  size: { cpu: "4", memory: "16Gi", disk: "100Gi" },
  taints: [],
  labels: {},
  ingress: false,
};

function node(name: string): OnPremNode {
  const size = { milliCpu: 4000, memory: 2 ** 34, disk: 1e11 };
  return {
    name,
    pool,
    role: "worker",
    arch: "amd64",
    size,
    labels: {},
    taints: [],
    ingress: false,
    plannedAddress: undefined,
  };
}

function run(addresses?: Readonly<Record<string, string>>) {
  return runComponents(
    () =>
      new OnPrem("lab", {
        nodes: ["lab-gpu", "lab-d1"].map(node),
        files: ({ name }) => ({ "user-data": `#cloud-config\nhostname: ${name}\n` }),
        ...(addresses && { addresses }),
      }),
  );
}

describe("machines on-premises", () => {
  it("are declared, and nothing is created", async () => {
    const { resources, result } = await run();
    assert.deepEqual(resources, []);
    assert.deepEqual(
      result.machines.map((machine) => machine.node.name),
      ["lab-gpu", "lab-d1"],
    );
  });

  it("get their files, by node", async () => {
    const { result } = await run();
    assert.deepEqual(await valueOf(result.files), {
      "lab-gpu": { "user-data": "#cloud-config\nhostname: lab-gpu\n" },
      "lab-d1": { "user-data": "#cloud-config\nhostname: lab-d1\n" },
    });
  });

  it("get them as secrets, since they hold the join token", async () => {
    const { result } = await run();
    assert.equal(await pulumi.isSecret(result.files), true);
    for (const { files } of result.machines) assert.equal(await pulumi.isSecret(files), true);
  });

  it("have an address only where one is known", async () => {
    const { result } = await run({ "lab-gpu": "198.51.100.7" });
    const [gateway, device] = result.machines;
    assert.equal(await valueOf(gateway?.publicIpv4), "198.51.100.7");
    assert.equal(device?.publicIpv4, undefined);
  });
});
