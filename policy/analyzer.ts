/**
 * The bridge between the house rules and Pulumi's analyzer protocol: the only file that knows the policy SDK.
 *
 * A rule sees plain values. The SDK instead throws at the first touch of an unknown value, and then skips the whole rule
 * for that resource; here unknown values become `notYetKnown`, so that everything else is still checked in a preview.
 */
import { UnknownValueError } from "@pulumi/policy";
import type {
  PolicyResource,
  ReportViolation,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import { effectiveSettings, violationMessage } from "./policy.ts";
import type { Policy, Report } from "./policy.ts";
import type { Resource } from "./resource.ts";
import { notYetKnown } from "./values.ts";
import type { Values } from "./values.ts";

/**
 * The inputs of the resources seen in this run, by their address.
 *
 * The engine calls stack checks with outputs. In the preview of a cluster that does not exist yet those are empty, while the
 * inputs, which went through the resource checks before, say nearly everything.
 */
type SeenInputs = Map<string, Values>;

/** Translates the house rules for the policy SDK. */
export function toPulumiPolicies(
  policies: readonly Policy[],
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const seen: SeenInputs = new Map();
  return policies.map((policy) => ({
    ...metadata(policy),
    ...(policy.validate ? { validateResource: resourceCheck(policy, seen) } : {}),
    ...(policy.validateStack ? { validateStack: stackCheck(policy, seen) } : {}),
  }));
}

function metadata(policy: Policy): Omit<StackValidationPolicy, "validateStack"> {
  return {
    name: policy.name,
    description: policy.description,
    severity: policy.severity,
    enforcementLevel: policy.enforcementLevel,
    tags: [...policy.topics, ...policy.frameworks],
    url: policy.link,
    configSchema: { properties: { ...policy.settings } },
  };
}

function resourceCheck(policy: Policy, seen: SeenInputs): ResourceValidation {
  return (args, reportViolation) => {
    const settings = settingsOf(policy, args.getConfig());
    const resource = resourceFrom(args);
    seen.set(resource.urn, resource.properties);
    policy.validate?.(resource, reporter(policy, reportViolation), settings);
  };
}

function stackCheck(policy: Policy, seen: SeenInputs): StackValidation {
  return (args, reportViolation) => {
    const settings = settingsOf(policy, args.getConfig());
    const resources = args.resources.map((resource): Resource => {
      const { propertyDependencies } = resource;
      const translated = resourceFrom(resource, propertyDependencies);
      return { ...translated, properties: seen.get(resource.urn) ?? translated.properties };
    });
    policy.validateStack?.(resources, reporter(policy, reportViolation), settings);
  };
}

function reporter(policy: Policy, reportViolation: ReportViolation): Report {
  return (resource, violation) => {
    reportViolation(violationMessage(policy, resource, violation), resource.urn);
  };
}

/** A wrong setting is the user's mistake, and the SDK prints the stack trace of whatever is thrown. */
function settingsOf(policy: Policy, given: object): object {
  try {
    return effectiveSettings(policy, given);
  } catch (error) {
    if (error instanceof Error) error.stack = error.message;
    throw error;
  }
}

function resourceFrom(
  resource: PolicyResource | ResourceValidationArgs,
  propertyDependencies: Readonly<Record<string, readonly PolicyResource[]>> = {},
): Resource {
  return {
    urn: resource.urn,
    name: resource.name,
    type: resource.type,
    properties: readObject(resource.props),
    provider: resource.provider === undefined ? {} : readObject(resource.provider.props),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([name, sources]) => [name, sources.map(({ urn }) => urn)]),
    ),
  };
}

/** Copies a JSON object out of the SDK's guard, with `notYetKnown` where the guard throws. */
function readObject(guarded: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(Object.keys(guarded).map((name) => [name, read(() => guarded[name])]));
}

function read(touch: () => unknown): unknown {
  try {
    const value = touch();
    if (Array.isArray(value))
      return Array.from({ length: value.length }, (_, index) => read(() => value[index] as unknown));
    return typeof value === "object" && value !== null ? readObject(value as Record<string, unknown>) : value;
  } catch (error) {
    // The SDK exports this class without a type.
    if (error instanceof UnknownValueError) return notYetKnown;
    throw error;
  }
}
