/** How AWS' resources hold on to each other. */
import { allOf } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { mustExist, titles } from "./titles.ts";

type KindName = keyof typeof titles;

/** A check that the resource exists that an input names, when it names one. */
export function needs(input: string, kind: KindName): NonNullable<Kind["check"]> {
  return ({ inputs, others }) => {
    if (inputs[input] !== undefined) mustExist(others, kind, inputs[input]);
  };
}

/** A reason to stay: resources of these kinds name it in an input. */
export function usedBy(input: string, users: readonly KindName[]): NonNullable<Kind["held"]> {
  return ({ id }, state) => {
    const user = users.find((kind) => allOf(state, "aws", kind).some(({ inputs }) => inputs[input] === id));
    return user === undefined ? undefined : `has dependencies: a ${titles[user]} uses it.`;
  };
}
