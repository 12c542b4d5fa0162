/** The annotation `pulumi.com/waitFor`: what a program waits for instead of a kind's own readiness. */
import { query } from "json-p3";

import { UserError } from "../../../errors.ts";
import { annotation, annotations } from "../annotations.ts";
import type { Mapping } from "../values.ts";
import { conditionOf, explainCondition, ready, waiting, type ReadinessRule, type Verdict } from "./rule.ts";

/** Judges an object by one expression. */
type Expectation = (object: Mapping) => Verdict;

/**
 * The rule that an object's annotation spells out; undefined when it has none. It is one expression, or a JSON list of some
 * that must all hold: `jsonpath={.status.phase}=Running`, `jsonpath={.status.phase}`, `condition=Ready`,
 * `condition=Ready=False`.
 *
 * @throws UserError when an expression is not understood.
 */
export function waitForRule(object: unknown): ReadinessRule | undefined {
  const text = annotation(object, annotations.waitFor);
  if (text === undefined || text === "") return undefined;
  const expectations = parseList(text).map(parseExpectation);
  return {
    assess: (live) =>
      expectations.map((expect) => expect(live)).find(({ state }) => state !== "ready") ?? ready,
  };
}

function parseList(text: string): readonly string[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return [text];
  }
  if (!Array.isArray(list) || list.length === 0 || !list.every((item) => typeof item === "string")) {
    throw invalid(text, "a list must hold at least one expression, each of them a text");
  }
  return list;
}

function parseExpectation(text: string): Expectation {
  if (text.startsWith("jsonpath=")) return parseJsonPath(text, text.slice("jsonpath=".length));
  if (text.startsWith("condition=")) return parseCondition(text.slice("condition=".length));
  throw invalid(text, 'it must begin with "jsonpath=" or "condition="');
}

function parseCondition(text: string): Expectation {
  const [type = "", status = "True"] = text.split("=", 2);
  return (object) => {
    const condition = conditionOf(object, type);
    // Conditions are compared as kubectl does, without regard to case.
    if (String(condition?.status).toLowerCase() === status.toLowerCase()) return ready;
    const found = explainCondition(
      condition,
      condition === undefined ? "it has no such condition" : "no reason given",
    );
    return waiting(`condition ${type} is not ${status} (${found})`);
  };
}

function parseJsonPath(whole: string, text: string): Expectation {
  const [, path, , wanted] = /^\{\s*(.*?)\s*\}(=(.*))?$/s.exec(text) ?? [];
  if (path === undefined)
    throw invalid(whole, "the path must stand in braces, as in {.status.phase}=Running");
  if (text.endsWith("}=")) throw invalid(whole, "there is no value after the equals sign");
  const expression = path.startsWith("$") ? path : `$${path}`;
  select(whole, expression, {});
  return (object) => {
    const [found] = select(whole, expression, object);
    if (found === undefined) return waiting(`${path} is not set`);
    if (wanted === undefined) return ready;
    const shown = typeof found === "string" ? found : JSON.stringify(found);
    return shown === wanted ? ready : waiting(`${path} is ${shown}, not ${wanted}`);
  };
}

function select(whole: string, expression: string, object: Mapping): readonly unknown[] {
  try {
    return query(expression, object as Parameters<typeof query>[1]).values();
  } catch (error) {
    throw invalid(whole, error instanceof Error ? error.message : String(error));
  }
}

function invalid(text: string, why: string): UserError {
  return new UserError(`The annotation ${annotations.waitFor} is not understood: "${text}": ${why}.`);
}
