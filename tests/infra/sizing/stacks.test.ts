import assert from "node:assert/strict";
import { planNodes } from "../../../infra/nodes.ts";
import { costOf } from "../../../infra/sizing/cost.ts";
import { fit } from "../../../infra/sizing/fit.ts";
import { nodesOf } from "../../../infra/sizing/nodes.ts";
import { typeOf } from "../../../infra/sizing/server-types.ts";
import { demandsOf } from "../../../platform/demands.ts";
import { configurationOf, stacks } from "../settings.ts";

/** Nodes by role, and what the servers cost a month. */
const expected: Readonly<Record<(typeof stacks)[number], { nodes: string; cost: string }>> = {
  gitlab: { nodes: "1 control-plane", cost: "20.00 USD" },
  dev1: { nodes: "1 control-plane, 2 worker", cost: "54.00 USD" },
  dev2: { nodes: "1 control-plane, 3 worker", cost: "108.55 EUR" },
  dev5: { nodes: "1 control-plane, 4 worker", cost: "315.95 EUR" },
  eth: { nodes: "1 control-plane, 4 worker", cost: "315.95 EUR" },
  hc1: { nodes: "1 control-plane, 4 worker, 3 sensor", cost: "24.00 USD, 107.97 EUR" },
  c2: { nodes: "1 control-plane", cost: "48.00 USD" },
  aws: { nodes: "3 control-plane, 3 worker", cost: "739.14 USD" },
};

for (const stack of stacks) {
  describe(`the stack ${stack}`, () => {
    const configuration = configurationOf(stack);
    const nodes = planNodes(configuration);
    const cost = costOf(configuration.pools);

    it("has the nodes that it is described with", () => {
      const byRole = Map.groupBy(nodes, ({ role }) => role);
      const text = [...byRole].map(([role, members]) => `${members.length} ${role}`).join(", ");
      assert.equal(text, expected[stack].nodes);
    });

    it("orders types that are known and can be had", () => {
      for (const pool of configuration.pools) {
        if (pool.cloud === "on-prem") continue;
        assert.ok(typeOf(pool), pool.type);
        assert.notEqual(typeOf(pool)?.soldOut, true, pool.type);
      }
    });

    it("knows what it costs", () => {
      assert.deepEqual(cost.unpriced, []);
      const text = cost.totals.map(({ currency, monthly }) => `${monthly.toFixed(2)} ${currency}`).join(", ");
      assert.equal(text, expected[stack].cost);
    });

    it("has room for its systems, and a node where public traffic enters", () => {
      assert.deepEqual(fit(nodesOf(configuration), demandsOf(configuration)).shortages, []);
      assert.ok(nodes.some(({ ingress }) => ingress));
    });
  });
}
