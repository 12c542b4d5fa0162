import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema.js";
import type { Resource } from "./resource.ts";
import { title } from "./resource.ts";

/** One breach of a rule, at one place. */
export interface Violation {
  /** Path of the property inside the resource, for example `spec.template.spec.containers[0].image`. */
  readonly path: string;
  /** What is wrong there, as a sentence without its full stop. Never quotes a secret. */
  readonly problem: string;
  /** What to do about it, as a sentence without its full stop. */
  readonly fix: string;
}

/** Notes a breach by a resource. */
export type Report = (resource: Resource, violation: Violation) => void;

/** One setting: the JSON schema that the engine checks values with, its meaning, and its default. */
export type Setting<Value> = PolicyConfigJSONSchema & {
  readonly description: string;
  readonly default: Value;
};

/** The settings of a policy, by name. */
export type SettingsSchema<Settings> = { readonly [Name in keyof Settings]-?: Setting<Settings[Name]> };

/**
 * A house rule: what it is, why it is there, and a pure function that finds breaches of it.
 *
 * Its metadata is what the engine shows and what `docs/policies.md` is made from.
 */
export interface Policy<Settings extends object = object> {
  /** Lower case with hyphens; the key of the rule in the policy configuration. */
  readonly name: string;
  /** The rule in one sentence. */
  readonly description: string;
  /** What goes wrong without the rule, in one or two sentences. Part of every message. */
  readonly why: string;
  /** How much harm a breach does. */
  readonly severity: "low" | "medium" | "high" | "critical";
  /** `mandatory` stops the preview or the update; `advisory` only tells. Can be changed in the policy configuration. */
  readonly enforcementLevel: "advisory" | "mandatory" | "disabled";
  /** Published guidance that asks for the same. */
  readonly frameworks: readonly string[];
  /** Keywords. */
  readonly topics: readonly string[];
  /** Where the background is explained. */
  readonly link: string;
  /** The settings and their defaults. */
  readonly settings: SettingsSchema<Settings>;
  /** Checks one resource before it is created or changed. */
  validate?(resource: Resource, report: Report, settings: Settings): void;
  /** Checks all resources together, after the last of them. */
  validateStack?(resources: readonly Resource[], report: Report, settings: Settings): void;
}

/** The message of a violation: where, what, why and the fix, each on its own line. */
export function violationMessage(policy: Policy, resource: Resource, violation: Violation): string {
  return [
    `${title(resource)}, ${violation.path}: ${violation.problem}.`,
    `Why: ${policy.why}`,
    `Fix: ${violation.fix}.`,
  ].join("\n");
}

/**
 * The settings a policy runs with: those given in the policy configuration over the defaults.
 *
 * @throws Error for a name that the policy does not have. The engine checks the values by schema, but lets unknown names
 * pass, and a misspelt limit would silently not apply.
 */
export function effectiveSettings<Settings extends object>(
  policy: Policy<Settings>,
  given: object,
): Settings {
  const names = Object.keys(policy.settings);
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new Error(
      `Policy configuration: ${policy.name} has no setting "${stranger}". Its settings are ${names.join(", ")}.`,
    );
  }
  return { ...defaultSettings(policy), ...given };
}

/** The settings of a policy that nobody configured. */
export function defaultSettings<Settings extends object>(policy: Policy<Settings>): Settings {
  return Object.fromEntries(
    listSettings(policy).map(([name, setting]) => [name, setting.default]),
  ) as Settings;
}

/** The settings of a policy by name, for code that treats all policies alike. */
export function listSettings<Settings extends object>(
  policy: Policy<Settings>,
): (readonly [string, Setting<unknown>])[] {
  return Object.entries<Setting<unknown>>(policy.settings);
}
