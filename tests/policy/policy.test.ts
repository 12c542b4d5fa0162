import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pageLocation, policiesPage } from "../../policy/docs.ts";
import { policies } from "../../policy/policies.ts";
import { containerResources } from "../../policy/container-resources.ts";
import { effectiveSettings, listSettings, violationMessage } from "../../policy/policy.ts";
import { object } from "./resources.ts";

describe("the house rules", () => {
  it("have names of their own in the usual form", () => {
    const names = policies.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    assert.equal(names.includes("all"), false, "the engine keeps this name for itself");
  });

  for (const policy of policies) {
    it(`${policy.name} says everything about itself, in sentences`, () => {
      assert.match(policy.description, /^[A-Z].*\.$/);
      assert.match(policy.why, /^[A-Z].*\.$/);
      assert.match(policy.link, /^https:\/\//);
      assert.ok(policy.frameworks.length > 0);
      assert.ok(policy.topics.length > 0);
      assert.ok("validate" in policy || "validateStack" in policy);
      for (const [, setting] of listSettings(policy)) assert.match(setting.description, /^[A-Z].*\.$/);
    });
  }

  it("are documented as they are: run `node policy/docs.ts` after a change", () => {
    assert.equal(readFileSync(pageLocation, "utf8"), policiesPage(policies));
  });

  it("tell where, what, why and the fix", () => {
    const violation = { path: "spec.x", problem: "x is missing", fix: "set x" };
    assert.equal(
      violationMessage(containerResources, object("Pod", "web", {}), violation),
      `Pod "web", spec.x: x is missing.\nWhy: ${containerResources.why}\nFix: set x.`,
    );
  });
});

describe("settings of a rule", () => {
  it("are the defaults, overridden by what is given", () => {
    assert.deepEqual(effectiveSettings(containerResources, {}), {
      maxCpu: "8",
      maxMemory: "32Gi",
      requireCpuLimit: true,
    });
    assert.equal(effectiveSettings(containerResources, { maxCpu: "2" }).maxCpu, "2");
  });

  it("are refused under a misspelt name", () => {
    assert.throws(() => effectiveSettings(containerResources, { maxcpu: "2" }), {
      message:
        'Policy configuration: container-resources has no setting "maxcpu". Its settings are maxCpu, maxMemory, requireCpuLimit.',
    });
  });
});
