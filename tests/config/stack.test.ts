import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { readConfiguration } from "../../config/stack.ts";
import { readStackFile } from "./fixtures.ts";
import { systems } from "./systems-table.ts";

/** Makes the program believe that the engine runs it with a fixture as the stack's file. */
async function useStack(kind: "valid" | "invalid", name: string): Promise<void> {
  const { values, secretKeys } = readStackFile(kind, name);
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "uap",
    name,
  );
  pulumi.runtime.setAllConfig({ ...values, "cloudflare:apiToken": "hunter2" }, [...secretKeys]);
}

describe("the stack that runs", () => {
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
  });

  it("is read through the engine's configuration, and gives the cluster its name", async () => {
    await useStack("valid", "hc1");
    const { cluster, pools, platform } = readConfiguration(systems);
    assert.equal(cluster.name, "hc1");
    assert.equal(pools.length, 4);
    assert.deepEqual(platform.systems.jupyterhub, { storage: "10Gi", size: "small" });
  });

  it("is refused with an error that the engine prints without a stack trace", async () => {
    await useStack("invalid", "unknown-section");
    assert.throws(
      () => readConfiguration(systems),
      (error) => pulumi.RunError.isInstance(error) && error.message.includes('Did you mean "pools"?'),
    );
  });

  it("hides values of keys that Pulumi keeps secret", async () => {
    await useStack("invalid", "secret-domain");
    assert.throws(() => readConfiguration(systems), /uap:domain {2}\[secret\]/);
  });
});
