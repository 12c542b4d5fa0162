import { invalid } from "../../cloud-error.ts";
import { text, type Values } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";

/** Numbers, each kind's in a range of its own. */
export const numeric =
  (first: number): Kind["id"] =>
  ({ serial }) =>
    String(first + serial);

/** Labels are unique in an account, kind by kind. */
export function byLabel(inputs: Values): string | undefined {
  return text(inputs, "label") || undefined;
}

/**
 * @param marks what a label may have beside letters and digits, for a regular expression's brackets.
 * @throws CloudError when the label is not one that the API takes.
 */
export function checkLabel(inputs: Values, longest: number, marks = "._-"): void {
  const label = text(inputs, "label");
  const allowed = new RegExp(`^[a-zA-Z0-9]([a-zA-Z0-9${marks}]*[a-zA-Z0-9])?$`);
  if (label.length < 3 || label.length > longest || !allowed.test(label) || /[._-]{2}/.test(label)) {
    throw invalid(
      `"${label}" is not a label: it has from 3 to ${longest} letters, digits and single marks of ${marks} between them.`,
    );
  }
}
