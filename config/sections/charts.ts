import { z } from "zod";

import type { Complaint } from "../complaint.ts";
import { complains } from "../complaint.ts";

function complainAboutMirror(mirror: string): Complaint | undefined {
  if (/^oci:\/\/[^/@\s]+/.test(mirror) || /^(\.{0,2}\/)?[^:\s]+$/.test(mirror)) return undefined;
  return {
    reason: "is neither a folder nor an OCI registry.",
    fix: "Write it like ./charts or oci://registry.example.org/charts, without credentials.",
  };
}

/** The section `uap:charts`. */
export const chartsSchema = z.discriminatedUnion("source", [
  z.strictObject({ source: z.literal("upstream") }),
  z.strictObject({
    source: z.literal("mirror"),
    mirror: z
      .string()
      .check(complains(complainAboutMirror))
      .describe(
        "the folder or OCI registry that holds the charts, such as oci://registry.example.org/charts",
      ),
  }),
  z.strictObject({ source: z.literal("facts") }),
]);

/**
 * Where Helm charts come from: their publishers, a mirror for sites without Internet, or what is recorded of them, which simulates them in
 * a rehearsal: workloads that do no work.
 */
export type Charts = z.output<typeof chartsSchema>;
