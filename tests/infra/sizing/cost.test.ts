import assert from "node:assert/strict";
import { costOf, type Cost } from "../../../infra/sizing/cost.ts";
import { costSchema, costTable } from "../../../rehearsal/report/cost-table.ts";
import { configurationOf, master, settingsOf } from "../settings.ts";

/** The table as it is shown of the outputs that the engine kept. */
function tableOf(cost: Cost): string {
  const plain = { style: (_: unknown, text: string) => text };
  return costTable(plain, costSchema.parse(JSON.parse(JSON.stringify(cost))));
}

const size = { cpu: 4, memory: "8Gi", disk: "80Gi" };
const unknown = { name: "far", cloud: "aws", region: "us-east-1", type: "t3.large", count: 2 };

describe("the cost of a stack", () => {
  it("is told by pool and in all, each currency by itself", () => {
    const { rows, totals, unpriced } = costOf(configurationOf("hc1").pools);
    assert.deepEqual(rows, [
      {
        pool: "master",
        nodes: 1,
        type: "s-2vcpu-4gb",
        each: 24,
        monthly: 24,
        currency: "USD",
        asOf: "2026-11",
      },
      {
        pool: "nbg1",
        nodes: 3,
        type: "cpx32",
        each: 35.99,
        monthly: 107.97,
        currency: "EUR",
        asOf: "2026-09-03",
      },
      { pool: "lab-gpu", nodes: 1, type: "own" },
      { pool: "lab-d", nodes: 3, type: "own" },
    ]);
    assert.deepEqual(totals, [
      { currency: "USD", monthly: 24 },
      { currency: "EUR", monthly: 107.97 },
    ]);
    assert.deepEqual(unpriced, []);
  });

  it("holds the volumes of a pool, and says how much they are", () => {
    const cost = costOf(
      settingsOf([
        master,
        { ...master, name: "data", role: "worker", type: "cpx32", count: 3, volume: "100Gi" },
        { name: "ocean", cloud: "digitalocean", region: "fra1", type: "s-2vcpu-4gb", volume: "50Gi" },
        { name: "zones", cloud: "aws", region: "eu-central-1", type: "t3.large", volume: "1000Gi" },
      ]).pools,
    );
    assert.deepEqual(
      cost.rows.map(({ each, monthly }) => [each, monthly]),
      [
        [19.99, 19.99],
        [41.71, 125.13],
        [29, 29],
        [165.28, 165.28],
      ],
    );
    assert.match(
      cost.notes.join("\n"),
      /The price of each node of data holds 5\.72 EUR for its volume of 100 GiB\./,
    );
  });

  it("does not know the price of a volume where it does not know the region's, unless the pool says it all", () => {
    const far = { ...unknown, volume: "100Gi" };
    const said = { ...far, name: "said", size: { ...size, monthly: 30 } };
    const cost = costOf(settingsOf([master, far, said]).pools);
    assert.deepEqual(cost.unpriced, ["far"]);
    assert.deepEqual(cost.rows[2]?.each, 30);
    assert.doesNotMatch(cost.notes.join("\n"), /for its volume/);
  });

  it("says that a price at the spot market is not known", () => {
    const near = { ...unknown, region: "eu-central-1" };
    const notes = (spot: boolean) => costOf(settingsOf([master, { ...near, spot }]).pools).notes.join("\n");
    assert.match(notes(true), /The servers of far are bought at the spot market/);
    assert.doesNotMatch(notes(false), /spot market/);
  });

  it("names what has no known price, and never counts it as nothing", () => {
    const cost = costOf(settingsOf([master, unknown]).pools);
    assert.deepEqual(cost.unpriced, ["far"]);
    assert.deepEqual(cost.rows[1], { pool: "far", nodes: 2, type: "t3.large" });
    assert.deepEqual(cost.totals, [{ currency: "EUR", monthly: 19.99 }]);
    assert.match(cost.notes.join("\n"), /No price is known for far \(t3\.large in us-east-1\)/);
  });

  it("takes the price that the configuration gives, also of machines of one's own", () => {
    const own = {
      name: "own",
      cloud: "on-prem",
      region: "lab",
      hosts: ["own-1", "own-2"],
      size: { ...size, monthly: 7.5 },
    };
    const said = { ...unknown, size: { ...size, monthly: 0.1 }, count: 3 };
    const cost = costOf(settingsOf([master, own, said]).pools);
    assert.deepEqual(cost.totals, [
      { currency: "EUR", monthly: 34.99 },
      { currency: "USD", monthly: 0.3 },
    ]);
    assert.deepEqual(cost.unpriced, []);
    assert.equal(cost.rows[1]?.asOf, undefined);
  });

  it("says what the prices hold, which are not the cloud's own words, and what was sold out", () => {
    const notes = costOf(
      settingsOf([
        { ...master, type: "cx23" },
        { ...unknown, cloud: "vultr", region: "ams", type: "vc2-2c-4gb" },
      ]).pools,
    ).notes;
    assert.equal(notes.length, 3);
    assert.match(notes[0] ?? "", /^Hetzner: Without VAT, with one IPv4 address/);
    assert.match(notes[1] ?? "", /^Vultr: .* figures of third parties/);
    assert.match(notes[2] ?? "", /^cx23 was sold out at Hetzner on 2026-09-03/);
  });

  it("is nothing on a cluster that exists already", () => {
    assert.deepEqual(costOf([]), { rows: [], totals: [], unpriced: [], notes: [] });
  });
});

describe("the table of cost", () => {
  it("shows pools, sums and notes", () => {
    const text = tableOf(costOf(configurationOf("hc1").pools));
    assert.match(text, /Cost a month/);
    assert.match(text, /nbg1 +3 +cpx32 +35\.99 +107\.97 +EUR +2026-09-03/);
    assert.match(text, /lab-d +3 +own +– +–\n/);
    assert.match(text, /in all +107\.97 +EUR\n/);
    assert.match(text, /DigitalOcean: .*look them up before you order\./);
  });

  it("calls a sum without an unknown price the least that is paid", () => {
    const text = tableOf(costOf(settingsOf([master, unknown]).pools));
    assert.match(text, /far +2 +t3\.large +unknown +unknown\n/);
    assert.match(text, /in all +at least 19\.99 +EUR/);
  });

  it("is left out when nothing is ordered", () => {
    assert.equal(tableOf(costOf([])), "");
  });
});
