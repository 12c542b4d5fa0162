import assert from "node:assert/strict";
import { containersOf, podSpecPath } from "../../policy/workloads.ts";
import { notYetKnown, object } from "./resources.ts";
import type { Kind } from "./resources.ts";

const podSpec = {
  initContainers: [{ name: "migrate" }],
  containers: [{ name: "web" }, {}],
  ephemeralContainers: [{ name: "debugger" }],
};

const inTemplate = { spec: { template: { spec: podSpec } } };

const workloads: readonly (readonly [Kind, object, string])[] = [
  ["Pod", { spec: podSpec }, "spec"],
  ["Deployment", inTemplate, "spec.template.spec"],
  ["StatefulSet", inTemplate, "spec.template.spec"],
  ["DaemonSet", inTemplate, "spec.template.spec"],
  ["ReplicaSet", inTemplate, "spec.template.spec"],
  ["Job", inTemplate, "spec.template.spec"],
  ["CronJob", { spec: { jobTemplate: inTemplate } }, "spec.jobTemplate.spec.template.spec"],
];

describe("containers of workloads", () => {
  for (const [kind, properties, path] of workloads) {
    it(`are found in a ${kind}, each with its path`, () => {
      assert.deepEqual(
        containersOf(object(kind, "x", { ...properties })).map(({ name, list, path }) => [name, list, path]),
        [
          ["migrate", "initContainers", `${path}.initContainers[0]`],
          ["web", "containers", `${path}.containers[0]`],
          ["number 1", "containers", `${path}.containers[1]`],
          ["debugger", "ephemeralContainers", `${path}.ephemeralContainers[0]`],
        ],
      );
    });
  }

  it("are none in other objects, in resources of other providers and in patches", () => {
    const other = { type: "kubernetes:apps/v1:DeploymentPatch" };
    assert.equal(podSpecPath(object("Service", "x", inTemplate)), undefined);
    assert.equal(
      podSpecPath(object("Deployment", "x", inTemplate, { type: "hcloud:index/server:Server" })),
      undefined,
    );
    assert.deepEqual(containersOf(object("Deployment", "x", inTemplate, other)), []);
  });

  it("are none where the specification is unknown or malformed", () => {
    assert.deepEqual(containersOf(object("Deployment", "x", { spec: notYetKnown })), []);
    assert.deepEqual(containersOf(object("Pod", "x", { spec: { containers: "web" } })), []);
    assert.deepEqual(containersOf(object("Pod", "x", { spec: { containers: [notYetKnown, null, 7] } })), []);
  });
});
