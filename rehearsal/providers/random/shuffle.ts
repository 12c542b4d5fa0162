import { z } from "zod";
import { resource } from "../protocol/resource.ts";
import { keepers, seeded, shuffled, unpredictable } from "./draw.ts";

/** `RandomShuffle`: the inputs in random order; fewer when so many are asked, repeated round by round when more are. */
export const shuffle = resource({
  inputs: z.object({
    ...keepers,
    inputs: z.array(z.string()),
    resultCount: z.int().min(0).optional(),
    seed: z.string().optional(),
  }),
  computed: ["results"],
  create({ inputs, resultCount = inputs.length, seed }) {
    const draw = seed === undefined ? unpredictable : seeded(seed);
    const results: string[] = [];
    while (inputs.length > 0 && results.length < resultCount) results.push(...shuffled(inputs, draw));
    return { id: "-", outputs: { results: results.slice(0, resultCount) } };
  },
});
