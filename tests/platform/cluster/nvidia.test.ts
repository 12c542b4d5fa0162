import assert from "node:assert/strict";
import { runProgram } from "../../support/mock-engine.ts";

const own = {
  "uap:domain": "example.org",
  "uap:acme": { issuer: "self-signed" },
  "uap:pools": [
    {
      name: "gpu",
      cloud: "hetzner",
      region: "nbg1",
      type: "cpx42",
      role: "control-plane",
      gpu: "nvidia",
      ingress: true,
    },
  ],
  "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
};
const existing = { "uap:cluster": { kind: "existing" } };

/** The RuntimeClasses that a program makes. */
async function runtimeClasses(config: object, options: unknown): Promise<string[]> {
  const { resources } = await runProgram("dev5", {
    ...config,
    "uap:platform": { preset: "minimal", systems: { nvidia: options } },
  });
  assert.ok(resources.some(({ name }) => name === "nvidia-device-plugin"));
  return resources.filter(({ type }) => type.endsWith(":RuntimeClass")).map(({ name }) => name);
}

describe("the RuntimeClass of NVIDIA's containers", () => {
  it("is k3s' own: making it again would fail", async () => {
    assert.deepEqual(await runtimeClasses(own, true), []);
    assert.deepEqual(await runtimeClasses(existing, true), []);
  });

  it("is made on a cluster that runs already and has none", async () => {
    assert.deepEqual(await runtimeClasses(existing, { runtimeClass: "install" }), ["nvidia"]);
  });

  it("cannot be made where k3s makes it", async () => {
    await assert.rejects(
      runtimeClasses(own, { runtimeClass: "install" }),
      /uap:platform\.systems\.nvidia\.runtimeClass {2}"install"\n.*k3s brings it along\. Remove it/s,
    );
  });
});
