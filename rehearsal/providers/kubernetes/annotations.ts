import { textAt } from "./values.ts";

/** The annotations by which a program tells the provider how to treat one object. */
export const annotations = {
  /** `"true"` on objects whose name Pulumi made. */
  autonamed: "pulumi.com/autonamed",
  /** `"true"`: do not wait until the object is ready. */
  skipAwait: "pulumi.com/skipAwait",
  /** How long to wait, in seconds. */
  timeoutSeconds: "pulumi.com/timeoutSeconds",
  /** What to wait for instead: `jsonpath={.status.phase}=Running`, `condition=Ready`, or a JSON list of these. */
  waitFor: "pulumi.com/waitFor",
  /** `"true"`: take over fields that another manager owns. */
  patchForce: "pulumi.com/patchForce",
  /** The field manager's name to apply under. */
  patchFieldManager: "pulumi.com/patchFieldManager",
  /** `foreground`, `background` or `orphan`: what becomes of the objects that depend on a deleted one. */
  deletionPropagationPolicy: "pulumi.com/deletionPropagationPolicy",
} as const;

/** An annotation's text; undefined when the object does not have it. */
export function annotation(object: unknown, name: string): string | undefined {
  return textAt(object, "metadata", "annotations", name);
}

/** Tells whether an annotation says `"true"`. */
export function isAnnotated(object: unknown, name: string): boolean {
  return annotation(object, name)?.toLowerCase() === "true";
}
