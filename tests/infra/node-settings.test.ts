import assert from "node:assert/strict";
import { parse } from "yaml";
import { nodePaths } from "../../infra/bootstrap/node-bootstrap.ts";
import type { K3sClusterSettings } from "../../infra/k3s-cluster.ts";
import { planNetworks } from "../../infra/private-networks.ts";
import { build, fileOf } from "./built-cluster.ts";
import { settingsOf } from "./settings.ts";

describe("what nodes are told", () => {
  const settings = settingsOf([
    { name: "plane", cloud: "hetzner", region: "nbg1", type: "cpx32", role: "control-plane" },
    { name: "ocean", cloud: "digitalocean", region: "nyc3", type: "s-2vcpu-4gb" },
    { name: "far", cloud: "digitalocean", region: "sfo3", type: "s-2vcpu-4gb" },
  ]) as unknown as K3sClusterSettings;

  it("is the range of their own private network, in which they look for their interface", async () => {
    const built = await build(settings);
    const ranges = ["plane-1", "far-1", "ocean-1"].map((node) =>
      /^private_cidr='(.*)'$/m.exec(fileOf(built, node, nodePaths.script))?.at(1),
    );
    // By cloud and place, in alphabetical order.
    const [ocean, far, plane] = planNetworks(settings).map(({ cidr }) => cidr);
    assert.deepEqual(ranges, [plane, far, ocean]);
    assert.equal(new Set(ranges).size, 3);
  });

  it("is where their data disk is mounted, unless the system that has the stack's block volumes wants it raw", async () => {
    const pools = settings.pools.map((pool) => ({ ...pool, volume: "100Gi" as const }));
    const mountOf = async (block: string) => {
      const built = await build({ ...settings, pools, storage: { block } });
      return /mount "\$volume" (\S+)/.exec(fileOf(built, "ocean-1", nodePaths.script))?.[1];
    };
    assert.equal(await mountOf("local-path"), "/var/lib/rancher/k3s/storage");
    assert.equal(await mountOf("rook-ceph-block"), undefined);
  });

  it("is to leave out what k3s brings along when the stack has it off", async () => {
    const disabled = async (systems: Readonly<Record<string, unknown>>) => {
      const built = await build({ ...settings, platform: { systems } });
      const configuration = fileOf(built, "plane-1", nodePaths.configuration);
      return (parse(configuration) as { disable?: string[] }).disable;
    };
    assert.equal(await disabled({ ingress: {}, "local-path": {} }), undefined);
    assert.deepEqual(await disabled({ "local-path": {} }), ["traefik"]);
    assert.deepEqual(await disabled({ ingress: {} }), ["local-storage"]);
  });
});
