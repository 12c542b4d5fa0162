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

  it("keeps the program's own remarks for the end, and none that the engine takes back", () => {
    const info = (message: string, rest: { readonly ephemeral?: boolean; readonly urn?: string } = {}) => ({
      diagnosticEvent: { message, severity: "info" as const, color: "never", ...rest },
    });
    const journal = journalOf(
      info("<{%reset%}>about 41.70 EUR a month<{%reset%}>\n", { urn: stack }),
      info("waiting for 3 nodes", { ephemeral: true }),
      info("all in place", { urn: "" }),
      { diagnosticEvent: { message: "a detail", severity: "info#err", color: "never" } },
    );
    assert.deepEqual(journal.remarks, [
      { urn: stack, text: "about 41.70 EUR a month" },
      { urn: undefined, text: "all in place" },
    ]);
    assert.deepEqual([journal.warnings, journal.errors], [[], []]);
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

  const complaint = (message: string, about = "") => ({
    diagnosticEvent: { urn: about, message, severity: "error" as const, color: "never" },
  });
  const explained = (...events: Partial<EngineEvent>[]) =>
    explainFailure(journalOf(...events), new Error("exit code 255")).message;
  const server = (name: string) =>
    urn("uap:infra:K3sCluster$uap:infra:Hetzner$hcloud:index/server:Server", name);
  /** As the engine says it. */
  const guarded = (name: string) =>
    complaint(
      `resource "${server(name)}" cannot be deleted\nbecause it is protected. To unprotect the resource, ` +
        "either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the " +
        `command:\n\`pulumi state unprotect '${server(name)}'\``,
      server(name),
    );

  it("says how to get another address when a cloud refuses one that is taken", () => {
    assert.equal(
      explained(complaint("The address 10.20.0.132 is taken by another server.", server("late-1"))),
      "Server late-1 (infra)\n  The address 10.20.0.132 is taken by another server.\n" +
        "  Private addresses of control planes follow from the name of their pool: give the new pool another name.",
    );
  });

  it("names all that is protected at once, with the way that the configuration has for it", () => {
    const advice =
      "If that is what you want: put the configuration back, set uap:protect to false, bring the stack up, " +
      "and then make the change again.";
    assert.equal(
      explained(guarded("master-2"), guarded("master-1"), complaint("update failed")),
      `master-1, master-2 would be deleted, and are protected. ${advice}`,
    );
    assert.equal(
      explained(guarded("master-1"), complaint("quota exceeded", deployment)),
      `master-1 would be deleted, and is protected. ${advice}\n\nDeployment portal (devops)\n  quota exceeded`,
    );
  });

  it("says what went wrong without the properties on the way there", () => {
    const chain = 'error serializing property "kubeconfig": error serializing property "create": ';
    assert.equal(
      explained(complaint(`${chain}The zone "example.org" is missing.`, stack)),
      'The program\n  The zone "example.org" is missing.',
    );
  });

  it("says each thing once, at the first resource that it was about", () => {
    assert.equal(
      explained(
        complaint("The token was refused.", server("master-1")),
        complaint("The token was refused.", server("master-2")),
        complaint('error serializing property "ip": The token was refused.', deployment),
        complaint("The token was refused."),
        complaint("Another thing.", server("master-2")),
      ),
      "Server master-1 (infra)\n  The token was refused.\n\nServer master-2 (infra)\n  Another thing.",
    );
  });

  it("keeps what a provider counts up of a resource", () => {
    const text = "2 errors occurred:\n* the deadline is over\n* exceeded quota";
    assert.match(
      explained(complaint(text, deployment)),
      /^Deployment portal \(devops\)\n {2}2 errors[^]+exceeded quota$/,
    );
  });

  it("passes over what the engine did not begin any more", () => {
    const canceled = complaint("failed to run policy: context canceled", deployment);
    assert.equal(
      explained(complaint("quota exceeded", server("master-1")), canceled, complaint("1 error occurred:")),
      "Server master-1 (infra)\n  quota exceeded",
    );
    const error = new Error("exit code 255");
    assert.equal(explainFailure(journalOf(canceled), error), error);
  });
});
