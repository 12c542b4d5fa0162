import * as pulumi from "@pulumi/pulumi";

import type { Check } from "./checks/check.ts";
import type { Configuration } from "./configuration.ts";
import { parseConfiguration } from "./configuration.ts";
import { ConfigurationError, namespace } from "./problems.ts";
import type { RawConfiguration } from "./reading.ts";
import type { SystemRules } from "./systems.ts";

/** The SDK knows which keys hold a secret, but does not count the question to its public types. */
const runtime = pulumi.runtime as typeof pulumi.runtime & { isConfigSecret(key: string): boolean };

/**
 * The configuration of the stack that runs, from `Pulumi.<stack>.yaml` by way of the engine.
 *
 * @param systems the catalogue of systems
 * @param laterChecks the rules of the stages that come after. @default none
 * @throws pulumi.RunError with every mistake at once; the engine prints it without a stack trace
 */
export function readConfiguration<const Rules extends SystemRules>(
  systems: Rules,
  laterChecks: readonly Check<Configuration<NoInfer<Rules>>>[] = [],
): Configuration<Rules> {
  const all = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(`${namespace}:`));
  const raw = fromEngine(Object.fromEntries(all.map(([key, value]) => [withoutNamespace(key), value])));
  const secretKeys = all.map(([key]) => key).filter((key) => runtime.isConfigSecret(key));
  try {
    const origin = { stack: pulumi.getStack(), secretKeys: secretKeys.map(withoutNamespace) };
    return parseConfiguration(raw, systems, origin, laterChecks);
  } catch (error) {
    throw error instanceof ConfigurationError ? new pulumi.RunError(error.message, { cause: error }) : error;
  }
}

function withoutNamespace(key: string): string {
  return key.slice(namespace.length + 1);
}

/**
 * The values as the user wrote them: the engine hands over every value as text, and maps, lists, numbers and booleans as JSON.
 * What is no JSON was text; so is a domain, which could be read as a number.
 */
export function fromEngine(values: Readonly<Record<string, string>>): RawConfiguration {
  return Object.fromEntries(
    Object.entries(values).map(([key, text]) => [key, key === "domain" ? text : fromJson(text)]),
  );
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
