import assert from "node:assert/strict";
import * as sdk from "@pulumi/policy";
import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { toPulumiPolicies } from "../../policy/analyzer.ts";
import { guardedNamespaces } from "../../policy/guarded-namespaces.ts";
import type { Policy } from "../../policy/policy.ts";
import { pinnedImages } from "../../policy/pinned-images.ts";
import type { Resource } from "../../policy/resource.ts";
import { notYetKnown } from "../../policy/values.ts";

/** The SDK's guard, which throws where a value is unknown. It is exported without a type. */
const guard = Reflect.get(sdk, "unknownCheckingProxy") as (props: object) => Record<string, unknown>;

/** How the engine writes a string that is not known yet. Part of Pulumi's protocol. */
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Two rules that keep what they are shown: one resource by resource, one over the stack. */
function recorders(): { each: Policy; whole: Policy; shown: Resource[] } {
  const shown: Resource[] = [];
  const { description, why, severity, enforcementLevel, frameworks, topics, link } = pinnedImages;
  const metadata = { description, why, severity, enforcementLevel, frameworks, topics, link, settings: {} };
  return {
    each: { ...metadata, name: "each", validate: (resource) => void shown.push(resource) },
    whole: { ...metadata, name: "whole", validateStack: (resources) => void shown.push(...resources) },
    shown,
  };
}

/** What the SDK hands to a check of one resource. */
function argumentsFor(props: object, config: object = {}): ResourceValidationArgs {
  const fields = {
    type: "kubernetes:core/v1:Pod",
    urn: "urn:web",
    name: "web",
    props: guard(props),
    provider: { props: guard({ namespace: "data", kubeconfig: unknownString }) },
    getConfig: () => config,
  };
  return fields as unknown as ResourceValidationArgs;
}

/** What the SDK hands to a check of the stack. */
function stackOf(...resources: readonly Partial<PolicyResource>[]): StackValidationArgs {
  const complete = resources.map((resource) => ({ propertyDependencies: {}, ...resource }));
  return { resources: complete, getConfig: () => ({}) } as unknown as StackValidationArgs;
}

type Check<Arguments> = (args: Arguments, report: (message: string, urn?: string) => void) => void;

/** Runs the check of one resource of a policy. */
function checkResource(policy: object | undefined, args: ResourceValidationArgs): string[] {
  const messages: string[] = [];
  const { validateResource } = policy as { validateResource: Check<ResourceValidationArgs> };
  validateResource(args, (message) => messages.push(message));
  return messages;
}

/** Runs the check of a stack of a policy. */
function checkStack(policy: object | undefined, args: StackValidationArgs): (string | undefined)[] {
  const urns: (string | undefined)[] = [];
  const { validateStack } = policy as { validateStack: Check<StackValidationArgs> };
  validateStack(args, (_, urn) => urns.push(urn));
  return urns;
}

describe("the bridge to the policy SDK", () => {
  it("shows a rule plain values, with marks where a value is not known yet", () => {
    const { each, shown } = recorders();
    const props = { metadata: { name: unknownString }, list: [1, unknownString, { a: null }] };
    checkResource(toPulumiPolicies([each])[0], argumentsFor(props));
    assert.deepEqual(shown[0]?.properties, {
      metadata: { name: notYetKnown },
      list: [1, notYetKnown, { a: null }],
    });
    assert.deepEqual(shown[0].provider, { namespace: "data", kubeconfig: notYetKnown });
  });

  it("still finds a breach beside an unknown value", () => {
    const props = {
      spec: { containers: [{ image: "nginx", workingDir: unknownString }, { image: unknownString }] },
    };
    const [message, ...others] = checkResource(toPulumiPolicies([pinnedImages])[0], argumentsFor(props));
    assert.match(message ?? "", /Pod "web", spec\.containers\[0\]\.image: image "nginx" has no tag/);
    assert.deepEqual(others, []);
  });

  it("shows stack checks the inputs that passed by, since outputs are empty in the preview of a new cluster", () => {
    const { whole, shown } = recorders();
    const [resourceCheck, stackCheck] = toPulumiPolicies([pinnedImages, whole]);
    checkResource(resourceCheck, argumentsFor({ spec: { a: 1 } }));
    const namespace = { urn: "urn:data" } as PolicyResource;
    checkStack(
      stackCheck,
      stackOf(
        { urn: "urn:web", props: {}, propertyDependencies: { metadata: [namespace] } },
        { urn: "urn:other", props: { b: 2 } },
      ),
    );
    assert.deepEqual(
      shown.map(({ properties }) => properties),
      [{ spec: { a: 1 } }, { b: 2 }],
    );
    assert.deepEqual(shown[0]?.propertyDependencies, { metadata: ["urn:data"] });
  });

  it("reports a breach of a stack check on the resource it is about", () => {
    const type = "kubernetes:core/v1:Namespace";
    const props = { metadata: { name: "data" } };
    const [check] = toPulumiPolicies([guardedNamespaces]);
    assert.deepEqual(checkStack(check, stackOf({ urn: "urn:data", name: "data", type, props })), [
      "urn:data",
    ]);
  });

  it("refuses a misspelt setting without a stack trace", () => {
    const [check] = toPulumiPolicies([pinnedImages]);
    assert.throws(
      () => checkResource(check, argumentsFor({}, { registry: [] })),
      (error: Error) => error.stack === error.message && error.message.includes('no setting "registry"'),
    );
  });

  it("passes on the metadata", () => {
    const [policy] = toPulumiPolicies([pinnedImages]);
    assert.equal(policy?.enforcementLevel, "mandatory");
    assert.equal(policy.severity, "high");
    assert.equal(policy.url, pinnedImages.link);
    assert.deepEqual(policy.configSchema?.properties.registries?.default, []);
  });
});
