import { z } from "zod";

import { presetNames } from "../presets.ts";
import type { Preset } from "../presets.ts";
import type { EnabledSystems, Size, SystemRules } from "../systems.ts";
import { sizes } from "../systems.ts";

/** The section `uap:platform`, but for the options of each system, which the catalogue knows. */
export const platformSchema = z.strictObject({
  preset: z.enum(presetNames).default("minimal").describe("the set of systems to begin with"),
  size: z.enum(sizes).default("small").describe("the size of the systems: small, medium or large"),
  systems: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("a map of systems, each switched on (true or its options) or off (false)"),
});

/** The systems of the stack. */
export interface Platform<Rules extends SystemRules = SystemRules> {
  readonly preset: Preset;
  /** The size of every system that has none of its own. */
  readonly size: Size;
  /** The systems that are on, each with its options, in the order of the catalogue. */
  readonly systems: EnabledSystems<Rules>;
  /** Systems of the preset, or that the cluster's shape asks for, that are planned only. */
  readonly skipped: readonly string[];
}
