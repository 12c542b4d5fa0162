import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import type { Origin } from "../../config/problems.ts";
import { ConfigurationError } from "../../config/problems.ts";
import type { RawConfiguration } from "../../config/reading.ts";
import { parseConfiguration } from "../../config/configuration.ts";
import { fromEngine } from "../../config/stack.ts";
import type { SystemRules } from "../../config/systems.ts";
import { systems } from "./systems-table.ts";

const folder = join(import.meta.dirname, "..", "fixtures");

/** A stack's file as the engine would hand it to the program. */
export interface StackFile {
  /** Values by key with namespace, as text, secrets decrypted. */
  readonly values: Readonly<Record<string, string>>;
  /** The keys, with namespace, whose values hold a secret. */
  readonly secretKeys: readonly string[];
}

/** The names of the fixtures of one kind. */
export function fixtureNames(kind: "valid" | "invalid", extension = ".yaml"): string[] {
  return readdirSync(join(folder, kind))
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length));
}

/** The path of one fixture's file. */
export function fixturePath(kind: "valid" | "invalid", file: string): string {
  return join(folder, kind, file);
}

/** Reads a fixture as the engine reads a stack's file; `secure:` holds the clear text here. */
export function readStackFile(kind: "valid" | "invalid", name: string): StackFile {
  const { config } = parse(readFileSync(fixturePath(kind, `${name}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };
  const entries = Object.entries(config).map(([key, value]) => ({ key, value, clear: decrypted(value) }));
  return {
    values: Object.fromEntries(
      entries.map(({ key, clear }) => [key, typeof clear === "string" ? clear : JSON.stringify(clear)]),
    ),
    secretKeys: entries
      .filter(({ value, clear }) => JSON.stringify(value) !== JSON.stringify(clear))
      .map(({ key }) => key),
  };
}

function decrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decrypted);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return value.secure;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decrypted(inner)]));
}

/** What `parseConfiguration` is given for a fixture. */
export function readFixture(
  kind: "valid" | "invalid",
  name: string,
): { raw: RawConfiguration; origin: Origin } {
  const { values, secretKeys } = readStackFile(kind, name);
  const withoutNamespace = (key: string) => key.slice(key.indexOf(":") + 1);
  const raw = fromEngine(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [withoutNamespace(key), value])),
  );
  return { raw, origin: { stack: name, secretKeys: secretKeys.map(withoutNamespace) } };
}

/** The configuration of a valid fixture, with the small catalogue. */
export function parseFixture(name: string) {
  const { raw, origin } = readFixture("valid", name);
  return parseConfiguration(raw, systems, origin);
}

/** The error that a configuration is refused with; fails the test when it is accepted. */
export function refusal(
  raw: RawConfiguration,
  origin: Origin = { stack: "dev" },
  rules: SystemRules = systems,
): ConfigurationError {
  try {
    parseConfiguration(raw, rules, origin);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error("The configuration was accepted.");
}
