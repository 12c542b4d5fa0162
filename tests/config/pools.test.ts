import assert from "node:assert/strict";
import { parseConfiguration } from "../../config/configuration.ts";
import { refusal } from "./fixtures.ts";
import { systems } from "./systems-table.ts";

/** A cluster of one node, with private addresses from a range. */
function clusterAt(cloud: string, region: string, type: string, privateCidr: string) {
  return {
    domain: "example.org",
    acme: { email: "ops@example.org" },
    access: { operatorCidrs: ["203.0.113.7/32"] },
    network: { privateCidr },
    pools: [{ name: "main", cloud, region, type, role: "control-plane" }],
  };
}

describe("ranges that a cloud keeps for itself", () => {
  const accepted = (raw: object) =>
    parseConfiguration(raw as Readonly<Record<string, unknown>>, systems, { stack: "dev" });
  const droplet = (region: string, range: string) => clusterAt("digitalocean", region, "s-2vcpu-4gb", range);

  it("are refused there and for the cloud's own servers alone", () => {
    assert.doesNotThrow(() => accepted(droplet("fra1", "10.10.0.0/16")));
    assert.doesNotThrow(() => accepted(clusterAt("hetzner", "nbg1", "cpx32", "10.244.0.0/16")));
    assert.doesNotThrow(() => accepted(clusterAt("linode", "us-east", "g6-standard-2", "192.168.0.0/17")));
  });

  for (const range of ["10.229.4.0/22", "10.244.0.0/16", "10.245.128.0/20", "10.246.0.0/16"])
    it(`are refused in every region of DigitalOcean: ${range}`, () => {
      const [problem] = refusal(droplet("fra1", range)).problems;
      assert.match(
        problem?.reason ?? "",
        /^overlaps 10\.\d+\.0\.0\/(16|24), which DigitalOcean reserves for/,
      );
    });
});
