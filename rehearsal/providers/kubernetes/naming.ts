import { createHash } from "node:crypto";

import { containsUnknown, type Properties } from "../protocol/provider.ts";
import { annotations, isAnnotated } from "./annotations.ts";
import { at, mappingAt, textAt } from "./values.ts";

/** Tells whether the name of an object was made by {@link withName}. */
export function isAutonamed(object: unknown): boolean {
  return isAnnotated(object, annotations.autonamed);
}

/**
 * Inputs that have a name: the program's own; else the one that was made before; else the resource's logical name and eight
 * hexadecimal digits, so that a replacement can stand beside the object that it replaces.
 *
 * @param seed randomness from the engine: the same in the preview of a plan and in its update
 */
export function withName(
  inputs: Properties,
  olds: Properties | undefined,
  logicalName: string,
  seed: Uint8Array,
): Properties {
  if (at(inputs, "metadata", "name") !== undefined) return inputs;
  if (containsUnknown(inputs.metadata) && typeof inputs.metadata === "string") return inputs;
  const name =
    olds !== undefined && isAutonamed(olds) ? textAt(olds, "metadata", "name") : generate(logicalName, seed);
  return name === undefined ? inputs : autonamed(inputs, name);
}

/** The field manager of a resource: the same in every run, so that an object tells which resource made it. */
export function fieldManager(urn: string): string {
  return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

function generate(logicalName: string, seed: Uint8Array): string {
  return `${logicalName}-${createHash("sha256").update(seed).digest("hex").slice(0, 8)}`;
}

function autonamed(inputs: Properties, name: string): Properties {
  const metadata = mappingAt(inputs, "metadata");
  const known = mappingAt(metadata, "annotations");
  // Annotations that are not known yet, as a whole, cannot be added to.
  const unknown = typeof metadata.annotations === "string";
  return {
    ...inputs,
    metadata: {
      ...metadata,
      name,
      annotations: unknown ? metadata.annotations : { ...known, [annotations.autonamed]: "true" },
    },
  };
}
