import type { z } from "zod";

import type { Complaint } from "./complaint.ts";
import { at, lookUp } from "./keys.ts";
import type { Finding, Path } from "./problems.ts";
import { alternatives, closest } from "./suggestions.ts";

/** Stands in for zod's own sentences, so that a message written in a schema can be told from them. */
export const noMessage = "";

/** Turns one issue of zod into sentences for people. All wording that belongs to no single field is here. */
export function explain(issue: z.core.$ZodIssue, schema: z.ZodType, raw: unknown): Finding[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  const value = path.reduce(at, raw);
  const needed = whatBelongs(lookUp(schema, raw, path).description);
  const { message } = issue;
  const formsAt = (place: Path) => lookUp(schema, raw, place).choices;
  const finding = (complaint: Complaint): Finding[] => [
    { path, value, fix: didYouMean(complaint.suggestion), ...complaint },
  ];

  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, schema, raw));
    case "invalid_key":
      return issue.issues.flatMap((inner) => {
        const { fix, suggestion } = paramsOf(inner);
        return [{ path, reason: inner.message, fix: fix ?? didYouMean(suggestion) }];
      });
    case "custom":
      return finding({ reason: issue.message, ...paramsOf(issue) });
    case "invalid_value":
      return finding(notOneOf({ path, value, message, choices: issue.values.map(String), needed }));
    case "invalid_union":
      if (issue.discriminator === undefined) return finding({ reason: misfit(value), fix: needed });
      return finding(notOneOf({ path, value, message, choices: formsAt(path.slice(0, -1)), needed }));
    case "invalid_type":
      return finding({ reason: wrongType(value, issue.expected, path), fix: needed });
    case "too_small":
      return finding({ reason: tooSmall(issue), fix: needed });
    case "too_big":
      return finding({ reason: tooBig(issue), fix: needed });
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_element":
      return finding({ reason: message === noMessage ? "cannot be used." : message, fix: needed });
  }
}

/** `Did you mean "nbg1"?` */
export function didYouMean(suggestion: unknown): string {
  return suggestion === undefined ? "" : `Did you mean ${JSON.stringify(suggestion)}?`;
}

/** A key that nobody knows here: a typing error, or a key of another form of the same map. */
export function unknownKey(key: string, path: Path, schema: z.ZodType, raw: unknown): Finding {
  const { keys, elsewhere } = lookUp(schema, raw, path);
  const form = elsewhere.get(key);
  if (form !== undefined) {
    return { path: [...path, key], reason: `belongs to ${form} only.`, fix: "Remove it." };
  }
  // A key that is there already was not meant a second time.
  const free = keys.filter((known) => at(path.reduce(at, raw), known) === undefined);
  return unknownWord("key", key, path, keys, closest(key, free));
}

/** Of a name that is not among the known ones; `meant` is the known one that it resembles. */
export function unknownWord(
  kind: string,
  word: string,
  path: Path,
  known: readonly string[],
  meant = closest(word, known),
): Finding {
  return {
    path: [...path, word],
    reason: `is not a known ${kind}.`,
    fix: meant === undefined ? knownAre(known) : didYouMean(meant),
    ...(meant === undefined ? {} : { meantKey: meant }),
  };
}

function knownAre(words: readonly string[]): string {
  return words.length === 0 ? "Remove it." : `Known: ${[...words].sort().join(", ")}.`;
}

function notOneOf({ path, value, message, choices, needed }: Choice): Complaint {
  const list = alternatives(choices);
  if (value === undefined) return { reason: "is missing.", fix: `${needed} Choose ${list}.`.trim() };
  if (value === null) return { reason: "is empty.", fix: `Choose ${list}.` };
  const key = path.findLast((step) => typeof step === "string") ?? "value";
  const reason = message === noMessage ? `is not a known ${key}.` : message;
  const suggestion = typeof value === "string" ? closest(value, choices) : undefined;
  return suggestion === undefined ? { reason, fix: `Choose ${list}.` } : { reason, suggestion };
}

interface Choice {
  readonly path: Path;
  readonly value: unknown;
  readonly message: string;
  readonly choices: readonly string[];
  readonly needed: string;
}

/** zod's names of types in the words of somebody who writes YAML. */
const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

function wrongType(value: unknown, expected: string, path: Path): string {
  if (value === undefined) return "is missing.";
  const wanted = kinds[expected] ?? expected;
  if (value === null) return `is empty; it must be ${wanted}${path.length === 0 ? "" : ", or left out"}.`;
  if (expected === "int" && typeof value === "number") return "is not a whole number.";
  return `is ${kindOf(value)}, not ${wanted}.`;
}

function misfit(value: unknown): string {
  return value === undefined ? "is missing." : `is ${kindOf(value)}, which does not fit here.`;
}

/** YAML reads some words as truth values, so for those the word itself explains most. */
function kindOf(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  return typeof value === "boolean" ? String(value) : (kinds[typeof value] ?? typeof value);
}

function tooSmall(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === "array")
    return issue.minimum === 1 ? "is an empty list." : `has fewer than ${issue.minimum} entries.`;
  if (issue.origin === "string") return "is empty.";
  return `is too small; it must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}.`;
}

function tooBig(issue: z.core.$ZodIssueTooBig): string {
  if (issue.origin === "array") return `has more than ${issue.maximum} entries.`;
  if (issue.origin === "string") return `is longer than ${issue.maximum} characters.`;
  return `is too big; it must be at most ${issue.maximum}.`;
}

function whatBelongs(description: string | undefined): string {
  return description === undefined ? "" : `Expected ${description}.`;
}

function paramsOf(issue: z.core.$ZodIssue): Pick<Complaint, "fix" | "suggestion"> {
  return issue.code === "custom" ? ((issue.params ?? {}) as Pick<Complaint, "fix" | "suggestion">) : {};
}
