import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { policies } from "../../policy/policies.ts";
import { listStacks } from "../../rehearsal/engine/stacks.ts";
import { runProgram } from "../support/mock-engine.ts";
import { breaches } from "./resources.ts";

/** The project's own stacks, by their program alone: quicker than a preview, and it names the stack that broke a rule. */
describe("the project's own stacks", () => {
  for (const policy of policies) {
    it(`keep the rule ${policy.name}`, async () => {
      for (const stack of await listStacks()) {
        const file = await readFile(new URL(`../../Pulumi.${stack}.yaml`, import.meta.url), "utf8");
        const { resources } = await runProgram(
          stack,
          (parse(file) as { config: Record<string, unknown> }).config,
        );
        const objects = resources.map(({ type, name, inputs }) => ({
          ...{ type, name, urn: `${type}::${name}`, properties: inputs },
          ...{ provider: {}, propertyDependencies: {} },
        }));
        assert.deepEqual(breaches(policy, objects), [], stack);
      }
    });
  }
});
