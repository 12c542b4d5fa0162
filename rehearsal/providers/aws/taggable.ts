import { z } from "zod";
import { cloudResource, type CloudDefinition } from "../../clouds/cloud-resource.ts";
import type { Resource } from "../protocol/resource.ts";

const text = z.string();

/** Inputs that every resource has that can be tagged. */
export const common = { region: text.optional(), tags: z.record(text, text).optional() };

/** A resource with region and tags; tags always change in place. */
export function taggable(
  kind: string,
  inputs: z.ZodRawShape,
  { updatable = [], ...rest }: Omit<CloudDefinition<z.ZodObject>, "cloud" | "kind" | "inputs"> = {},
): Resource {
  return cloudResource({
    cloud: "aws",
    kind,
    inputs: z.strictObject({ ...common, ...inputs }),
    updatable: ["tags", ...updatable],
    ...rest,
  });
}
