import { z } from "zod";

import type { CpuQuantity, Quantity } from "./quantities.ts";
import type { Sections } from "./sections/index.ts";

/** How big systems are made: from one replica each to replicated and roomy. */
export const sizes = ["small", "medium", "large"] as const;
/** How big systems are made. */
export type Size = (typeof sizes)[number];

/** What a system asks of the cluster, all its pods together. */
export interface Budget {
  /** Requested processor time. */
  readonly cpu: CpuQuantity;
  /** Requested memory. */
  readonly memory: Quantity;
  /** Claimed storage. @default none */
  readonly storage?: Quantity;
  /** What it asks of every node besides, for its DaemonSets. @default nothing */
  readonly perNode?: { readonly cpu: CpuQuantity; readonly memory: Quantity };
}

/** Options as a system gets them: the size is always decided. */
export type Sized<Options> = Omit<Options, "size"> & { readonly size: Size };

/** What a system asks of the configuration beside other systems. */
export interface Requirement {
  /** The values that it judges by, such as `backup.s3`; it is passed over when one of them is wrong already. */
  readonly reads: readonly string[];
  /** Why the system cannot be had as the stack is, and the fix; undefined when it can. */
  complain(sections: Sections): { readonly reason: string; readonly fix: string } | undefined;
}

/** What the configuration must know of a system that can be switched on. */
export interface BuiltSystem<Options extends z.ZodObject = z.ZodObject> {
  readonly planned?: false;
  /** Names of the systems that must be on too. */
  readonly needs: readonly string[];
  /** Names of the systems that must be off. Naming it on one of the two sides is enough. @default none */
  readonly conflicts?: readonly string[];
  /** What else of the configuration it cannot be without. @default nothing */
  readonly requires?: Requirement;
  /** The options under `uap:platform.systems.<name>`, made by {@link systemOptions}. */
  readonly options: Options;
  /** What it asks of the cluster with these options. */
  budget(options: Sized<z.output<Options>>): Budget;
}

/** A system that is announced, but not built: presets pass it over, and switching it on is an error. */
export interface PlannedSystem {
  readonly planned: true;
}

/** The catalogue as far as the configuration reads it: by name. Rows may hold more. */
export type SystemRules = Readonly<Record<string, BuiltSystem | PlannedSystem>>;

/** The systems that are on, each with its options; a system that is off has no entry. In the order of the catalogue. */
export type EnabledSystems<Rules extends SystemRules> = {
  readonly [Name in keyof Rules as Rules[Name] extends PlannedSystem ? never : Name]?: Rules[Name] extends {
    readonly options: infer Options extends z.ZodObject;
  }
    ? Sized<z.output<Options>>
    : never;
};

/** The schema of a system's options: its own, and `size`, which every system has. */
export function systemOptions<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({
    ...shape,
    size: z
      .enum(sizes)
      .optional()
      .describe("the size of this system, small, medium or large, when it differs from uap:platform.size"),
  });
}

/**
 * What is wrong with a catalogue itself, for its test: names that do not exist, a system that needs itself, and a built
 * system that needs a planned one, which nobody could ever switch on.
 */
export function catalogueMistakes(rules: SystemRules): string[] {
  return Object.entries(rules).flatMap(([name, row]) => {
    if (row.planned) return [];
    const { conflicts = [], needs } = row;
    const unknown = [...needs, ...conflicts].filter((other) => !Object.hasOwn(rules, other));
    const unbuilt = needs.filter((other) => rules[other]?.planned);
    return [
      ...unknown.map((other) => `${name} names ${other}, which is not in the catalogue`),
      ...unbuilt.map((other) => `${name} needs ${other}, which is planned only`),
      ...(needs.includes(name) || conflicts.includes(name) ? [`${name} names itself`] : []),
    ];
  });
}
