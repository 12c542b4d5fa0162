import { text, type Values } from "../inventory.ts";

/** For kinds of which names are unique. */
export function byName(inputs: Values): string {
  return text(inputs, "name");
}
