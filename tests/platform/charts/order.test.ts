import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { ChartSystem } from "../../../platform/kit/chart-system.ts";
import { TestEngine } from "../../rehearsal/providers/engine.ts";
import { testCluster, testNamespace } from "../../rehearsal/providers/kubernetes/cluster.ts";

/** An operator and what it looks after. */
class Operated extends ChartSystem {
  constructor(provider: kubernetes.Provider, namespace: string) {
    super(
      { name: "operated", layer: "cluster" },
      { provider, namespace: pulumi.output(namespace), charts: { source: "facts" } },
    );
    this.install("keda", { values: {} });
    this.customResource("scaled", {
      kind: "keda.sh/v1alpha1/ScaledObject",
      name: "web",
      spec: { scaleTargetRef: { name: "web" }, triggers: [] },
    });
  }
}

describe("an operator and its custom resources, under the real engine", () => {
  let engine: TestEngine;
  let program: () => Promise<void>;

  before(async () => {
    const { running } = await testCluster();
    const namespace = await testNamespace();
    engine = await TestEngine.open();
    program = () => {
      new Operated(
        new kubernetes.Provider("cluster", { kubeconfig: pulumi.secret(running.kubeconfig) }),
        namespace,
      );
      return Promise.resolve();
    };
  });

  after(() => engine.close());

  it("are planned in that order before the definitions exist", async () => {
    const { events } = await watched((onEvent) => {
      engine.stack.workspace.program = program;
      return engine.stack.preview({ onEvent });
    });
    const scaled = events.indexOf("begin scaled");
    assert.ok(scaled >= 0);
    for (const name of operator) {
      assert.ok(events.includes(`begin ${name}`), name);
      assert.ok(events.indexOf(`begin ${name}`) < scaled, name);
    }
  });

  it("come up in that order", async () => {
    const { events } = await watched((onEvent) => {
      engine.stack.workspace.program = program;
      return engine.stack.up({ onEvent });
    });
    const scaled = events.indexOf("begin scaled");
    assert.ok(scaled >= 0);
    for (const name of operator) {
      assert.ok(events.includes(`end ${name}`), name);
      assert.ok(events.indexOf(`end ${name}`) < scaled, name);
    }
    assert.deepEqual((await engine.up(program)).changes, {});
  });

  it("go the other way round", async () => {
    const { events } = await watched((onEvent) => engine.stack.destroy({ onEvent }));
    const scaled = events.indexOf("end scaled");
    assert.ok(scaled >= 0);
    for (const name of operator) assert.ok(events.indexOf(`begin ${name}`) > scaled, name);
  });
});

/** What must be there as long as the custom resource is. */
const operator = [
  "scaledobjects.keda.sh",
  "keda-keda-operator",
  "keda-keda-operator-metrics-apiserver",
  "keda-keda-admission-webhooks",
];

/** When an operation began and ended its work on each resource: `begin <name>`, `end <name>`, in order. */
async function watched(
  operate: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<{ readonly events: readonly string[] }> {
  const events: string[] = [];
  const note = (what: string, metadata: { readonly urn: string } | undefined) => {
    if (metadata) events.push(`${what} ${metadata.urn.split("::").at(-1) ?? ""}`);
  };
  await operate(({ resourcePreEvent, resOutputsEvent }) => {
    note("begin", resourcePreEvent?.metadata);
    note("end", resOutputsEvent?.metadata);
  });
  return { events };
}
