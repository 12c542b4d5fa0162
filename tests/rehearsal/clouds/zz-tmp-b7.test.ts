import assert from "node:assert/strict";
import { Linode } from "../../../infra/clouds/linode.ts";
import { Vultr } from "../../../infra/clouds/vultr.ts";
import { Scaleway } from "../../../infra/clouds/scaleway.ts";
import { serversOf } from "../../../rehearsal/clouds/index.ts";
import { cloudArgs } from "../../infra/clouds/harness.ts";
import { TestEngine } from "../providers/engine.ts";
import { openClouds } from "./clouds.ts";
import { publishToLinode } from "../../../infra/dns/linode.ts";
import { publishToVultr } from "../../../infra/dns/vultr.ts";

const pools = (cloud: string, region: string, type: string) => [
  { name: "cp", cloud, region, type, role: "control-plane" },
  { name: "work", cloud, region, type, count: 2, ingress: true },
];
for (const [name, Component, region, type] of [
  ["linode", Linode, "jp-osa", "g6-standard-2"],
  ["vultr", Vultr, "fra", "vc2-2c-4gb"],
  ["scaleway", Scaleway, "fr-par-1", "PRO2-XXS"],
] as const) {
  it(name, async () => {
    const clouds = await openClouds({ zones: ["example.org"] });
    const engine = await TestEngine.open({ UAP_CLOUDS_URL: clouds.url });
    try {
      const program = async () => {
        const args = cloudArgs(pools(name, region, type), { protect: false });
        const made = new Component(name, args);
        const add = args.publicAddresses as unknown as { add?: (s: unknown) => void };
        for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(add)))
          if (process.env.SHOW) console.log(method);
        args.publicAddresses.settle?.(made.servers as never);
        const records = made.servers.map((s) => ({
          name: `${s.node.name}.hc1.example.org`,
          type: "A" as const,
          answers: [{ node: s.node.name, address: s.publicIpv4 }],
        }));
        const { ComponentResource } = await import("@pulumi/pulumi");
        const parent = new ComponentResource("x:y:z", "dns");
        if (name === "linode") publishToLinode({ zone: "example.org", ttl: 60, records, parent } as never);
        if (name === "vultr") publishToVultr({ zone: "example.org", ttl: 60, records, parent } as never);
        return {};
      };
      const { changes } = await engine.up(program);
      console.log(changes);
      console.log(
        serversOf(clouds.state()).map(({ resource, userData, ...s }) => [
          resource.id,
          userData.length,
          JSON.stringify(s),
        ]),
      );
      assert.deepEqual((await engine.up(program)).changes, {});
      await engine.refresh();
      assert.deepEqual((await engine.up(program)).changes, {});
      await engine.destroy();
      assert.deepEqual(clouds.names(), []);
    } finally {
      await engine.close();
      await clouds.stop();
    }
  });
}
