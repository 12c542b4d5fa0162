import assert from "node:assert/strict";
import fc from "fast-check";
import { contains, overlaps } from "../../config/addresses.ts";
import { regions, type CloudName } from "../../config/regions.ts";
import { nodeNumber } from "../../config/sections/pools.ts";
import { slotOf } from "../../infra/clouds/place-slots.ts";
import { placeOf } from "../../infra/clouds/place.ts";
import { takesPlannedAddresses } from "../../infra/clouds/private-addresses.ts";
import type { NodeSettings } from "../../infra/cluster-node.ts";
import { planNodes } from "../../infra/nodes.ts";
import { planAddresses, plannedRange, rangeOf } from "../../infra/planned-addresses.ts";
import { isIn, planNetworks } from "../../infra/private-networks.ts";
import { label } from "../config/arbitraries.ts";
import { parseFixture } from "../config/fixtures.ts";
import { master, refusedNodes, settingsOf } from "./settings.ts";

const types: Readonly<Record<CloudName, string>> = {
  hetzner: "ccx13",
  digitalocean: "s-2vcpu-4gb",
  aws: "t3.large",
  vultr: "vc2-2c-4gb",
  linode: "g6-standard-2",
  scaleway: "DEV1-L",
};
const cloudNames = Object.keys(types) as CloudName[];
const poolAt = <More extends object>(cloud: CloudName, region: string, more: More) => ({
  cloud,
  region,
  type: types[cloud],
  ...more,
});
const poolName = label.filter((name) => name.length <= 60);
const place = fc
  .constantFrom(...cloudNames)
  .chain((cloud) => fc.constantFrom(...regions[cloud]).map((region) => ({ cloud, region })));

/** Pools of workers, anywhere. */
const workers = fc.array(
  fc
    .record({ name: poolName, count: fc.integer({ min: 1, max: 9 }), place })
    .map(({ name, count, place: { cloud, region } }) =>
      poolAt(cloud, region, { name, count, role: "worker" }),
    ),
  { maxLength: 6 },
);

/** Pools of control planes in one place: their names, and as many nodes in all as etcd can have. */
const planes = fc
  .record({
    place,
    counts: fc.constantFrom([1], [3], [5], [2, 1], [1, 1, 1], [2, 3], [1, 2, 2], [1, 1, 1, 1, 1]),
    names: fc.uniqueArray(poolName, { minLength: 5, maxLength: 5 }),
  })
  .map(({ place: { cloud, region }, counts, names }) =>
    counts.map((count, index) =>
      poolAt(cloud, region, { name: names[index] ?? "", count, role: "control-plane" }),
    ),
  );

/** A cluster's pools, with names that no two have. */
const pools = fc.tuple(planes, workers).map(([first, others]) => distinct([...first, ...others]));

function distinct<Pool extends { readonly name: string }>(all: readonly Pool[]): Pool[] {
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

describe("the places of clouds", () => {
  const places = cloudNames.flatMap((cloud) => regions[cloud].map((region) => ({ cloud, region })));
  const names = new Set(places.map((one) => `${one.cloud} ${placeOf(one)}`));

  it("all have a number of their own, which is below 256 and never changes", () => {
    const slots = new Map(places.map((one) => [`${one.cloud} ${placeOf(one)}`, slotOf(one)]));
    assert.equal(new Set(slots.values()).size, names.size);
    assert.ok([...slots.values()].every((slot) => Number.isInteger(slot) && slot >= 0 && slot < 256));
    const known = {
      "hetzner eu-central": 0,
      "hetzner ap-southeast": 3,
      "digitalocean ams3": 4,
      "digitalocean fra1": 7,
      "aws us-east-1": 20,
      "aws eu-central-1": 28,
      "vultr ams": 54,
      "linode us-central": 87,
      "linode sg-sin-2": 117,
      "scaleway fr-par-1": 118,
      "scaleway it-mil-3": 129,
    };
    for (const [name, slot] of Object.entries(known)) assert.equal(slots.get(name), slot, name);
  });

  it("never share a range, all pairs of them", () => {
    const pool = (one: (typeof places)[number], index: number) =>
      poolAt(one.cloud, one.region, {
        name: `pool-${index}`,
        role: index === 0 ? "control-plane" : "worker",
      });
    const networks = planNetworks(settingsOf(places.map(pool)));
    assert.equal(networks.length, names.size);
    for (const [index, { cidr }] of networks.entries())
      assert.ok(
        networks.slice(0, index).every((other) => !overlaps(other.cidr, cidr)),
        cidr,
      );
  });

  it("have none where the cluster exists already", () => {
    assert.deepEqual(planNetworks(parseFixture("local")), []);
  });
});

describe("planned private addresses", () => {
  it("are those of control planes alone, at clouds that take them: distinct, in the upper half of their place's network", () => {
    fc.assert(
      fc.property(pools, (list) => {
        const settings = settingsOf(list);
        const networks = planNetworks(settings);
        const seen = new Set<string>();
        for (const { name, pool, role, plannedAddress } of planNodes(settings)) {
          if (pool.cloud === "on-prem") continue;
          const isPlanned = role === "control-plane" && takesPlannedAddresses(pool.cloud);
          assert.equal(plannedAddress !== undefined, isPlanned, name);
          if (plannedAddress === undefined) continue;
          const network = networks.find((one) => isIn(one, pool));
          assert.ok(network && contains(settings.network.privateCidr, network.cidr));
          const range = rangeOf(pool.cloud, network.cidr, nodeNumber(pool, name));
          assert.ok(contains(plannedRange(range), plannedAddress), name);
          assert.ok(!seen.has(plannedAddress), plannedAddress);
          seen.add(plannedAddress);
        }
      }),
    );
  });

  it("and networks stay when pools of workers come or go, whatever their names and numbers", () => {
    fc.assert(
      fc.property(pools, workers, (list, extra) => {
        const fewer = settingsOf(list);
        const more = settingsOf(distinct([...list, ...extra]));
        const networks = planNetworks(more);
        for (const network of planNetworks(fewer))
          assert.deepEqual(
            networks.find((other) => other.cloud === network.cloud && other.place === network.place),
            network,
          );
        assert.deepEqual(planAddresses(more), planAddresses(fewer));
      }),
    );
  });

  it("stay when a pool grows from 1 over 3 to 5 control planes", () => {
    fc.assert(
      fc.property(poolName, place, (name, { cloud, region }) => {
        const [one, three, five] = [1, 3, 5].map((count) => [
          ...planAddresses(settingsOf([poolAt(cloud, region, { name, count, role: "control-plane" })])),
        ]);
        assert.equal(five?.length, takesPlannedAddresses(cloud) ? 5 : 0);
        assert.deepEqual(five.slice(0, 3), three);
        assert.deepEqual(three?.slice(0, 1), one);
      }),
    );
  });

  it("stay when a pool of control planes comes, but for a later name with the same hash", () => {
    let stayed = 0;
    let pushed = 0;
    fc.assert(
      fc.property(planes, poolName, (list, name) => {
        const total = list.reduce((sum, { count }) => sum + count, 0);
        const [first] = list;
        fc.pre(first !== undefined && total < 5 && list.every((pool) => pool.name !== name));
        const before = planAddresses(settingsOf(list));
        const after = planAddresses(settingsOf([{ ...first, name, count: 2 }, ...list]));
        for (const pool of list) {
          const nodes = Array.from({ length: pool.count }, (_, index) => `${pool.name}-${index + 1}`);
          const moved = nodes.filter((node) => before.get(node) !== after.get(node));
          if (moved.length === 0) stayed++;
          else {
            pushed++;
            assert.ok(pool.name > name, `${pool.name} moved for ${name}`);
          }
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(pushed > 0 && stayed > 10 * pushed, `${stayed} stayed, ${pushed} were pushed on`);
  });

  it("are the same on every machine and in every version", () => {
    const aws = { cloud: "aws", region: "eu-central-1", type: "t3.large" };
    const cluster = settingsOf([
      { ...aws, name: "control", role: "control-plane", count: 3 },
      { ...aws, name: "work" },
    ]);
    assert.deepEqual(
      planNetworks(cluster).map(({ cidr }) => cidr),
      ["10.20.28.0/24"],
    );
    assert.deepEqual(
      [...planAddresses(cluster)],
      [
        ["control-1", "10.20.28.32"],
        ["control-2", "10.20.28.97"],
        ["control-3", "10.20.28.162"],
      ],
    );
  });
});

describe("a private range", () => {
  const refused = (list: readonly object[], privateCidr: string) => {
    const problems = refusedNodes(settingsOf(list, { privateCidr }));
    assert.equal(problems.length, 1, problems.join("\n"));
    return problems[0] ?? "";
  };

  it("is refused with the ranges that would do where a place's network has too little room", () => {
    const many = { ...master, name: "many", role: "worker", count: 100 };
    const more = { ...many, name: "more", count: 25 };
    assert.match(
      refused([master, many, more], "10.20.0.0/16"),
      /^network\.privateCidr .* gives Hetzner eu-central the network 10\.20\.0\.0\/24 with 124 addresses to choose from, but the pools have 125 nodes for it\. Choose a range from \/8 to \/15\.$/,
    );
    assert.equal(planNodes(settingsOf([master, many, { ...more, count: 24 }])).length, 125);
  });

  it("is refused where a cloud makes no networks so small or so wide", () => {
    assert.match(
      refused([master], "10.20.0.0/20"),
      /gives Hetzner eu-central the network 10\.20\.0\.0\/28, but networks there are from \/8 to \/24\. Choose a range from \/8 to \/16\.$/,
    );
    const aws = { ...master, cloud: "aws", region: "eu-central-1", type: "t3.large" };
    assert.match(refused([aws], "10.20.0.0/20"), /from \/16 to \/26\. Choose a range from \/8 to \/18\.$/);
    const scaleway = { ...master, cloud: "scaleway", region: "fr-par-1", type: "DEV1-L" };
    assert.match(
      refused([scaleway], "10.96.0.0/11"),
      /from \/20 to \/29\. Choose a range from \/12 to \/20\.$/,
    );
    assert.match(
      refused([master], "10.20.0.0/25"),
      /is too small to be split into 256 networks\. Choose a range/,
    );
  });

  it("is refused where no cloud makes private networks", () => {
    assert.match(
      refused([master], "100.64.0.0/16"),
      /is no range in which Hetzner makes private networks\. Take it from 10\.0\.0\.0\/8, 172/,
    );
  });

  it("has room for as many pools of control planes as fit into the upper half of a network", () => {
    const pool = (name: string) => ({
      ...master,
      cloud: "linode",
      region: "us-east",
      type: "g6-standard-2",
      name,
    });
    const three = ["a", "b", "c"].map(pool);
    assert.match(
      refused(three, "10.20.0.0/20"),
      /with room for 1 of its 3 pools of control planes\. Choose a range from \/8 to \/18\.$/,
    );
    const settings: NodeSettings = settingsOf(three, { privateCidr: "10.20.0.0/18" });
    assert.equal(new Set(planAddresses(settings).values()).size, 3);
  });
});
