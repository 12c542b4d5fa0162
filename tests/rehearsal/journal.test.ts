import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { explainFailure } from "../../rehearsal/engine/failure.ts";
import {
  changesOf,
  emptyJournal,
  isUpToDate,
  record,
  resourceOf,
  type Journal,
} from "../../rehearsal/engine/journal.ts";
import { changesReport, summarizeChanges } from "../../rehearsal/report/changes.ts";
import { layerProgress } from "../../rehearsal/report/timings.ts";

const urn = (type: string, name: string) => `urn:pulumi:local::uap::${type}::${name}`;
const deployment = urn("uap:devops:Portal$uap:kit:WebService$kubernetes:apps/v1:Deployment", "portal");
const stack = urn("pulumi:pulumi:Stack", "uap-local");
const style = (_: unknown, text: string) => text;

/** A journal of events that arrive a second apart. */
function journalOf(...events: Partial<EngineEvent>[]): Journal {
  const journal = emptyJournal();
  events.forEach((event, index) => {
    record(journal, { sequence: index, timestamp: 0, ...event }, index * 1000);
  });
  return journal;
}

type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

function metadata(op: Metadata["op"], of: string, rest: Partial<Metadata> = {}): Metadata {
  return { op, urn: of, type: resourceOf(of).type, provider: "", ...rest };
}

const state = (outputs: Record<string, unknown>) => ({ outputs }) as unknown as Required<Metadata>["new"];

describe("the engine's journal", () => {
  it("knows a resource by the layer of the system it belongs to", () => {
    assert.deepEqual(resourceOf(deployment), {
      type: "kubernetes:apps/v1:Deployment",
      name: "portal",
      kind: "Deployment",
      layer: "devops",
    });
    assert.equal(resourceOf(stack).layer, "infra");
  });

  it("counts what changes something, and not the engine's own bookkeeping", () => {
    const journal = journalOf(
      { resourcePreEvent: { metadata: metadata("create", deployment) } },
      { resourcePreEvent: { metadata: metadata("create", urn("uap:devops:Portal", "portal")) } },
      { resourcePreEvent: { metadata: metadata("create", urn("pulumi:providers:tls", "default")) } },
      { resourcePreEvent: { metadata: metadata("same", urn("kubernetes:core/v1:Secret", "a")) } },
    );
    assert.deepEqual(
      changesOf(journal).map((step) => step.urn),
      [deployment],
    );
    assert.equal(summarizeChanges(journal, "planned"), "1 to create");
    assert.equal(summarizeChanges(journal, "done"), "1 created");
  });

  it("is up to date when nothing changes, the outputs included", () => {
    const unchanged = {
      resOutputsEvent: { metadata: metadata("same", stack, { old: state({ a: 1 }), new: state({ a: 1 }) }) },
    };
    const changed = {
      resOutputsEvent: { metadata: metadata("same", stack, { old: state({ a: 1 }), new: state({ a: 2 }) }) },
    };
    assert.equal(isUpToDate(journalOf(unchanged)), true);
    assert.equal(isUpToDate(journalOf(unchanged, changed)), false);
    assert.equal(
      isUpToDate(journalOf({ resourcePreEvent: { metadata: metadata("update", deployment) } })),
      false,
    );
  });

  it("counts a replacement once", () => {
    const journal = journalOf(
      { resourcePreEvent: { metadata: metadata("create-replacement", deployment) } },
      { resourcePreEvent: { metadata: metadata("replace", deployment) } },
      { resourcePreEvent: { metadata: metadata("delete-replaced", deployment) } },
    );
    assert.equal(summarizeChanges(journal, "planned"), "1 to replace");
  });

  it("shows which properties an update is about", () => {
    const detailedDiff = {
      "spec.replicas": { diffKind: "update", inputDiff: true },
    } as unknown as Required<Metadata>["detailedDiff"];
    const journal = journalOf({
      resourcePreEvent: { metadata: metadata("update", deployment, { detailedDiff }) },
    });
    assert.match(changesReport({ style }, journal), /~ Deployment portal \(devops\) {2}spec\.replicas/);
  });

  it("measures the progress of each layer against the plan", () => {
    const planned = { resourcePreEvent: { metadata: metadata("create", deployment) } };
    const ended = { resOutputsEvent: { metadata: metadata("create", deployment) } };
    assert.deepEqual(layerProgress(journalOf(planned), journalOf(planned, ended)), [
      { layer: "devops", done: 1, total: 1, seconds: 1 },
    ]);
  });

  it("drops the engine's colours, and the remark about the rehearsal's own policy host", () => {
    const warning = (message: string) => ({
      diagnosticEvent: { message, severity: "warning" as const, color: "never" },
    });
    const journal = journalOf(
      warning("using pulumi-analyzer-policy-nodejs from $PATH at /x"),
      warning("<{%fg 3%}>this API is deprecated<{%reset%}>\n"),
    );
    assert.deepEqual(journal.warnings, [{ urn: undefined, text: "this API is deprecated" }]);
  });
});

describe("a failure", () => {
  it("names every resource that failed and every policy that was broken", () => {
    const journal = journalOf(
      { diagnosticEvent: { urn: deployment, message: "quota exceeded", severity: "error", color: "never" } },
      { diagnosticEvent: { message: "update failed", severity: "error", color: "never" } },
      {
        policyEvent: {
          resourceUrn: deployment,
          message: "pin the tag",
          policyName: "pinned-images",
          enforcementLevel: "mandatory",
          color: "never",
          policyPackName: "uap",
          policyPackVersion: "1",
          policyPackVersionTag: "1",
        },
      },
    );
    assert.equal(
      explainFailure(journal, new Error("exit code 255")).message,
      "Deployment portal (devops) breaks the policy pinned-images\n  pin the tag\n\nDeployment portal (devops)\n  quota exceeded",
    );
  });

  it("keeps an error that nobody can explain as it is", () => {
    const error = new Error("unheard of");
    assert.equal(explainFailure(emptyJournal(), error), error);
  });
});
