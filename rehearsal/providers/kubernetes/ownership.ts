/** Who has set which fields of an object, as its managed fields tell. */
import type { Path } from "./changes.ts";
import type { KubernetesObject } from "./manifest.ts";
import { isMapping, type Mapping } from "./values.ts";

/** Tells whether a manager has applied an object. */
export function isAppliedBy(object: KubernetesObject, manager: string): boolean {
  return appliedFields(object, manager) !== undefined;
}

/** Tells whether a manager has applied the field at a path, or something within. A path through a list answers by the list. */
export function owns(object: KubernetesObject, manager: string, path: Path): boolean {
  let fields: unknown = appliedFields(object, manager);
  for (const step of path) {
    if (!isMapping(fields)) return false;
    if (typeof step === "number" || step === "*") return Object.keys(fields).length > 0;
    fields = fields[`f:${step}`];
  }
  return isMapping(fields);
}

function appliedFields(object: KubernetesObject, manager: string): Mapping | undefined {
  const entries = object.metadata.managedFields ?? [];
  return entries.find(
    (entry) => entry.manager === manager && entry.operation === "Apply" && (entry.subresource ?? "") === "",
  )?.fieldsV1;
}
