/** Where random numbers come from. */
import { createHash, randomInt } from "node:crypto";
import { z } from "zod";

/** Draws a whole number from 0 up to, not including, the bound. Every number is equally likely. */
export type Draw = (bound: number) => number;

/** Numbers that nobody can foresee. */
export const unpredictable: Draw = (bound) => (bound === 1 ? 0 : randomInt(bound));

/**
 * Always the same numbers for the same seed: SHA-256 of the seed and a counter. The official provider has another generator,
 * so the same seed gives other numbers there.
 */
export function seeded(seed: string): Draw {
  let counter = 0;
  return (bound) => {
    // 48 bits of each hash; those above the largest multiple of the bound would favour the small numbers, so they are not used.
    const limit = 2 ** 48 - (2 ** 48 % bound);
    for (;;) {
      const number = createHash("sha256").update(`${seed}\n${counter++}`).digest().readUIntBE(0, 6);
      if (number < limit) return number % bound;
    }
  };
}

/** The list in random order (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], draw: Draw): Item[] {
  const rest = [...items];
  return Array.from(items, () => rest.splice(draw(rest.length), 1)).flat();
}

/** One item of the list. */
export function pick<Item>(items: readonly Item[], draw: Draw): Item {
  const item = items[draw(items.length)];
  if (item === undefined) throw new Error("Nothing to pick from: the list is empty.");
  return item;
}

/** Values that mean nothing but "make a new one when I change". */
export const keepers = { keepers: z.record(z.string(), z.string()).optional() };
