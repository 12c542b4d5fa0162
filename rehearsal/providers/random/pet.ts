import { z } from "zod";
import { resource } from "../protocol/resource.ts";
import { keepers, pick, unpredictable } from "./draw.ts";

const adverbs = words(
  "boldly briefly calmly clearly daily early evenly fairly freely gladly greatly kindly lightly neatly openly rarely",
);
const adjectives = words(
  "able amber brave bright calm clever cosy daring eager fair fleet fond gentle glad golden good honest jolly keen kind lively loyal " +
    "lucky merry mild neat nimble noble patient quick quiet ready robust sharp smart snug steady sunny swift tidy trusty wise witty young",
);
const animals = words(
  "badger beaver bison camel cat crane dog dolphin donkey duck eagle elk falcon ferret finch fox frog gecko goat goose hare hawk heron " +
    "horse ibex jay koala lark lemur llama lynx marmot mole moose newt otter owl panda pony puffin rabbit raven robin seal swan trout wren yak",
);

/** `RandomPet`: a name to remember, such as `lucky-otter`. The name is the id. */
export const pet = resource({
  inputs: z.object({
    ...keepers,
    length: z.int().min(1).default(2),
    prefix: z.string().optional(),
    separator: z.string().default("-"),
  }),
  computed: [],
  create({ length, prefix, separator }) {
    const before = Array.from({ length: Math.max(length - 2, 0) }, () => pick(adverbs, unpredictable));
    const adjective = length > 1 ? [pick(adjectives, unpredictable)] : [];
    const name = [...before, ...adjective, pick(animals, unpredictable)];
    return { id: [...(prefix === undefined ? [] : [prefix]), ...name].join(separator), outputs: {} };
  },
});

function words(text: string): readonly string[] {
  return text.split(" ");
}
