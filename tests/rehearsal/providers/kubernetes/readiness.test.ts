import assert from "node:assert/strict";

import { daemonSet } from "../../../../rehearsal/providers/kubernetes/readiness/daemon-set.ts";
import { deployment } from "../../../../rehearsal/providers/kubernetes/readiness/deployment.ts";
import { ingress } from "../../../../rehearsal/providers/kubernetes/readiness/ingress.ts";
import { job } from "../../../../rehearsal/providers/kubernetes/readiness/job.ts";
import { pod } from "../../../../rehearsal/providers/kubernetes/readiness/pod.ts";
import { causeOf } from "../../../../rehearsal/providers/kubernetes/readiness/pods.ts";
import type { ReadinessRule } from "../../../../rehearsal/providers/kubernetes/readiness/rule.ts";
import { statefulSet } from "../../../../rehearsal/providers/kubernetes/readiness/stateful-set.ts";
import type { Properties } from "../../../../rehearsal/providers/protocol/provider.ts";

/** What a rule says of a spec and a status: `ready`, or why not. */
function verdict(rule: ReadinessRule, spec: Properties, status: Properties): string {
  const object = {
    apiVersion: "v1",
    kind: "Any",
    metadata: { name: "any", generation: 2 },
    spec,
    status,
  };
  const result = rule.assess(object);
  return result.state === "ready" ? "ready" : `${result.state}: ${result.reason}`;
}

const observed = { observedGeneration: 2 };

describe("Readiness, judged by an object's status", () => {
  const cases: readonly (readonly [string, ReadinessRule, Properties, Properties, RegExp])[] = [
    [
      "a Deployment that nobody has seen",
      deployment,
      { replicas: 1 },
      { observedGeneration: 1 },
      /^waiting: .*not seen/,
    ],
    [
      "a Deployment that rolls out",
      deployment,
      { replicas: 2 },
      { ...observed, replicas: 2, updatedReplicas: 1 },
      /^waiting: 1 of 2 pods are up to date/,
    ],
    [
      "a Deployment with an older pod",
      deployment,
      { replicas: 1 },
      { ...observed, replicas: 2, updatedReplicas: 1 },
      /^waiting: 1 older/,
    ],
    [
      "a Deployment without available pods",
      deployment,
      { replicas: 1 },
      { ...observed, replicas: 1, updatedReplicas: 1 },
      /^waiting: 0 of 1 pods are available/,
    ],
    [
      "a finished Deployment",
      deployment,
      { replicas: 1 },
      { ...observed, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
      /^ready$/,
    ],
    ["an empty Deployment", deployment, { replicas: 0 }, observed, /^ready$/],
    ["a paused Deployment", deployment, { replicas: 1, paused: true }, observed, /^ready$/],
    [
      "a Deployment past its deadline",
      deployment,
      { replicas: 1 },
      {
        ...observed,
        conditions: [
          { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "timed out" },
        ],
      },
      /^failed: ProgressDeadlineExceeded: timed out$/,
    ],
    [
      "a StatefulSet that grows",
      statefulSet,
      { replicas: 3 },
      { ...observed, replicas: 1, readyReplicas: 1 },
      /^waiting: 1 of 3 pods exist/,
    ],
    [
      "a StatefulSet that is updated",
      statefulSet,
      { replicas: 1 },
      { ...observed, replicas: 1, readyReplicas: 1, currentRevision: "a", updateRevision: "b" },
      /^waiting: 0 of 1 pods are up to date/,
    ],
    [
      "a StatefulSet updated in part",
      statefulSet,
      { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      {
        ...observed,
        replicas: 3,
        readyReplicas: 3,
        updatedReplicas: 1,
        currentRevision: "a",
        updateRevision: "b",
      },
      /^ready$/,
    ],
    [
      "a StatefulSet whose pods are replaced by hand",
      statefulSet,
      { replicas: 1, updateStrategy: { type: "OnDelete" } },
      { ...observed, replicas: 1, readyReplicas: 1, currentRevision: "a", updateRevision: "b" },
      /^ready$/,
    ],
    [
      "a DaemonSet under way",
      daemonSet,
      {},
      { ...observed, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
      /^waiting: pods are available on 1 of 2 nodes/,
    ],
    ["a DaemonSet without nodes", daemonSet, {}, observed, /^ready$/],
    [
      "a failed Job",
      job,
      {},
      { conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }] },
      /^failed: BackoffLimitExceeded$/,
    ],
    ["a suspended Job", job, { suspend: true }, {}, /^waiting: it is suspended/],
    ["a completed Job", job, {}, { conditions: [{ type: "Complete", status: "True" }] }, /^ready$/],
    [
      "an Ingress that nobody serves",
      ingress,
      { ingressClassName: "nobody" },
      {},
      /^waiting: .*is a controller for class "nobody" running/,
    ],
    ["a Pod that ended well", pod, {}, { phase: "Succeeded" }, /^ready$/],
    [
      "a failed Pod",
      pod,
      {},
      { phase: "Failed", message: "evicted" },
      /^failed: .*Failed, not ready: evicted/,
    ],
  ];
  for (const [what, rule, spec, status, expected] of cases) {
    it(`tells about ${what}`, () => {
      assert.match(verdict(rule, spec, status), expected);
    });
  }
});

describe("The cause of an unready pod", () => {
  const podWith = (status: Properties) => ({ metadata: { name: "web" }, status });

  it("is why it cannot be scheduled", () => {
    const conditions = [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }];
    assert.equal(
      causeOf(podWith({ phase: "Pending", conditions })),
      "cannot be scheduled: 0/3 nodes are available",
    );
  });

  it("is an image that cannot be pulled", () => {
    const state = { waiting: { reason: "ImagePullBackOff", message: "not found" } };
    const containerStatuses = [{ name: "web", state }];
    assert.equal(
      causeOf(podWith({ phase: "Pending", containerStatuses })),
      '(Pending): container "web" ImagePullBackOff (not found)',
    );
  });

  it("is a container that crashes again and again, with its exit code", () => {
    const state = { waiting: { reason: "CrashLoopBackOff" } };
    const lastState = { terminated: { exitCode: 137, reason: "OOMKilled" } };
    const containerStatuses = [{ name: "web", state, lastState }];
    assert.equal(
      causeOf(podWith({ phase: "Running", containerStatuses })),
      '(Running): container "web" CrashLoopBackOff, exit code 137 (OOMKilled)',
    );
  });

  it("is none when the pod is ready or done", () => {
    assert.equal(
      causeOf(podWith({ phase: "Running", conditions: [{ type: "Ready", status: "True" }] })),
      undefined,
    );
    assert.equal(causeOf(podWith({ phase: "Succeeded" })), undefined);
  });
});
