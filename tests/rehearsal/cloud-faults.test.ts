import assert from "node:assert/strict";
import { UserError } from "../../rehearsal/errors.ts";
import type { Fault } from "../../rehearsal/engine/fault.ts";
import { plan, readyNodes, RehearsedStack, update } from "../support/rehearsed-stack.ts";

const bare = { platform: { preset: "minimal", systems: { portal: false, "cert-manager": false } } };
const nodes = ["master-1", "worker-1", "worker-2"];

/** What a person reads, fault by fault. */
const refusals: Readonly<Partial<Record<Fault, RegExp>>> = {
  "token-refused": /The API token was not accepted\. Check that it belongs to the right project/,
  "sold-out": /The type is sold out in this region\. Choose another type or region/,
  "name-taken": /The name "[a-z]+-\d" is taken by another resource/,
  "answer-lost": /has trouble of its own \(500\)/,
  "quota-reached":
    /has reached its limit of resources of the kind "droplet"\. Ask DigitalOcean to raise the limit/,
  "zone-missing": /example\.org/,
};

describe("an update that the cloud refuses", () => {
  for (const [fault, message] of Object.entries(refusals) as [Fault, RegExp][]) {
    it(`says why, and the next one converges: ${fault}`, async () => {
      const rehearsed = await RehearsedStack.open("dev1");
      try {
        await assert.rejects(
          rehearsed.session(update, bare, fault),
          (error) => error instanceof UserError && message.test(error.message),
        );
        await rehearsed.session(async (session) => {
          await update(session);
          assert.deepEqual(await readyNodes(session), nodes);
          assert.equal(session.cluster.holdings().get("digitalocean droplet"), nodes.length);
          assert.deepEqual(await plan(session), []);
        });
      } finally {
        await rehearsed.close();
      }
    });
  }

  for (const fault of ["cloud-busy", "cloud-down"] as const) {
    it(`asks again, and needs no second run: ${fault}`, async () => {
      const rehearsed = await RehearsedStack.open("dev1");
      try {
        await rehearsed.session(
          async (session) => {
            await update(session);
            assert.deepEqual(await readyNodes(session), nodes);
          },
          bare,
          fault,
        );
      } finally {
        await rehearsed.close();
      }
    });
  }
});
