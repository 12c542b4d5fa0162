import assert from "node:assert/strict";
import { containerResources } from "../../policy/container-resources.ts";
import { breaches, deployment, notYetKnown, object, problems } from "./resources.ts";

const complete = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: 1, memory: "256Mi" } };

describe("policy container-resources", () => {
  it("passes a container with requests and limits within the bounds", () => {
    assert.deepEqual(breaches(containerResources, [deployment({ resources: complete })]), []);
  });

  it("fails a container without resources, and says where and how to fix it", () => {
    assert.deepEqual(breaches(containerResources, [deployment({})]), [
      {
        resource: "web",
        path: "spec.template.spec.containers[0].resources",
        problem: 'container "web" does not set requests.cpu, limits.cpu, requests.memory and limits.memory',
        fix: "set requests.cpu, limits.cpu, requests.memory and limits.memory to what the container needs when it is busy",
      },
    ]);
  });

  it("fails an init container as well, but not an ephemeral one, which cannot have resources", () => {
    const spec = { initContainers: [{ name: "init" }], ephemeralContainers: [{ name: "debugger" }] };
    assert.deepEqual(
      breaches(containerResources, [object("Pod", "x", { spec })]).map(({ path }) => path),
      ["spec.initContainers[0].resources"],
    );
  });

  const failing: readonly (readonly [string, object, string])[] = [
    [
      "a missing memory limit",
      { ...complete, limits: { cpu: 1 } },
      'container "web" does not set limits.memory',
    ],
    [
      "a missing CPU limit",
      { ...complete, limits: { memory: "256Mi" } },
      'container "web" does not set limits.cpu',
    ],
    [
      "too much CPU",
      { ...complete, limits: { cpu: "8001m", memory: "256Mi" } },
      'container "web": "8001m" is more than one container may have, 8',
    ],
    [
      "too much memory, in another unit",
      { ...complete, limits: { cpu: 1, memory: "35G" } },
      'container "web": "35G" is more than one container may have, 32Gi',
    ],
    [
      "a request beyond the limit",
      { ...complete, requests: { cpu: "1100m", memory: "128Mi" } },
      'container "web": "1100m" is more than its limit, 1',
    ],
    [
      "a malformed quantity",
      { ...complete, requests: { cpu: "100m", memory: "128MB" } },
      'container "web": "128MB" is not a quantity',
    ],
  ];
  for (const [title, resources, problem] of failing) {
    it(`fails ${title}`, () => {
      assert.deepEqual(problems(containerResources, [deployment({ resources })]), [problem]);
    });
  }

  it("accepts exactly the bound, and a request equal to the limit", () => {
    const most = { cpu: "8000m", memory: "32Gi" };
    assert.deepEqual(
      problems(containerResources, [deployment({ resources: { requests: most, limits: most } })]),
      [],
    );
  });

  it("takes its bounds from the settings", () => {
    const resources = [deployment({ resources: complete })];
    assert.deepEqual(problems(containerResources, resources, { maxMemory: "200Mi" }), [
      'container "web": "256Mi" is more than one container may have, 200Mi',
    ]);
    assert.deepEqual(problems(containerResources, resources, { maxCpu: "500m" }), [
      'container "web": 1 is more than one container may have, 500m',
    ]);
  });

  it("does without a CPU limit when the settings say so, but not without a memory limit", () => {
    const resources = { requests: complete.requests, limits: {} };
    assert.deepEqual(problems(containerResources, [deployment({ resources })], { requireCpuLimit: false }), [
      'container "web" does not set limits.memory',
    ]);
  });

  it("invents nothing about values that are not known yet", () => {
    const limits = { cpu: notYetKnown, memory: "256Mi" };
    assert.deepEqual(problems(containerResources, [deployment({ resources: notYetKnown })]), []);
    assert.deepEqual(problems(containerResources, [deployment({ resources: { ...complete, limits } })]), []);
  });
});
