import { z } from "zod";
import { resource } from "../protocol/resource.ts";
import { keepers, seeded, unpredictable } from "./draw.ts";

/** `RandomInteger`: a whole number from `min` to `max`, both included. Imported from `<result>,<min>,<max>[,<seed>]`. */
export const integer = resource({
  inputs: z.object({ ...keepers, min: z.int(), max: z.int(), seed: z.string().optional() }),
  computed: ["result"],
  problems({ min, max }) {
    if (min <= max) return [];
    return [{ property: "min", reason: `min (${min}) is larger than max (${max})` }];
  },
  create({ min, max, seed }) {
    const draw = seed === undefined ? unpredictable : seeded(seed);
    const result = min + draw(max - min + 1);
    return { id: String(result), outputs: { result } };
  },
  import(id) {
    const [result, min, max, seed] = id.split(",");
    if (result === undefined || min === undefined || max === undefined) {
      throw new Error(
        `"${id}" is no import id of a RandomInteger: give <result>,<min>,<max> or <result>,<min>,<max>,<seed>.`,
      );
    }
    const inputs = { min: Number(min), max: Number(max), ...(seed === undefined ? {} : { seed }) };
    return { id: result, inputs, outputs: { result: Number(result) } };
  },
});
