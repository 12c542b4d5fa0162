import { hash } from "bcryptjs";
import { z } from "zod";
import type { CheckFailure } from "../protocol/provider.ts";
import { resource } from "../protocol/resource.ts";
import { keepers, pick, shuffled, unpredictable } from "./draw.ts";

const count = z.int().min(0).default(0);
const included = z.boolean().default(true);

/** What `RandomPassword` and `RandomString` have in common. */
const schema = z.object({
  ...keepers,
  length: z.int().min(1),
  lower: included,
  minLower: count,
  upper: included,
  minUpper: count,
  numeric: included,
  /** The former name of `numeric`: either switches the digits off. */
  number: included,
  minNumeric: count,
  special: included,
  minSpecial: count,
  overrideSpecial: z.string().optional(),
});

type Inputs = z.output<typeof schema>;

/** `RandomString`: the string is the id, and no secret. Imported from the string. */
export const string = resource({
  inputs: schema,
  problems,
  computed: ["result"],
  create(inputs) {
    const result = generate(inputs);
    return { id: result, outputs: { result } };
  },
  import(result) {
    return { id: result, inputs: { length: result.length }, outputs: { result } };
  },
});

/** `RandomPassword`: the same, secret, with a bcrypt hash of its first 72 bytes. Imported from the password. */
export const password = resource({
  inputs: schema,
  problems,
  computed: ["result", "bcryptHash"],
  secret: ["result", "bcryptHash"],
  async create(inputs) {
    const result = generate(inputs);
    return { id: "none", outputs: { result, bcryptHash: await bcryptHash(result) } };
  },
  async import(result) {
    const outputs = { result, bcryptHash: await bcryptHash(result) };
    return { id: "none", inputs: { length: result.length }, outputs };
  },
});

interface CharacterSet {
  readonly characters: readonly string[];
  readonly minimum: number;
}

/** The sets to draw from: at least `minimum` of each. */
function characterSets(inputs: Inputs): readonly CharacterSet[] {
  const { lower, upper, numeric, number, special, overrideSpecial = "" } = inputs;
  const specials = overrideSpecial === "" ? "!@#$%&*()-_=+[]{}<>:?" : overrideSpecial;
  const set = (used: boolean, characters: string, minimum: number): CharacterSet => {
    return { characters: used ? Array.from(characters) : [], minimum };
  };
  return [
    set(lower, "abcdefghijklmnopqrstuvwxyz", inputs.minLower),
    set(upper, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", inputs.minUpper),
    set(numeric && number, "0123456789", inputs.minNumeric),
    set(special, specials, inputs.minSpecial),
  ];
}

function problems(inputs: Inputs): readonly CheckFailure[] {
  const sets = characterSets(inputs);
  const minimum = sets.reduce((sum, set) => sum + set.minimum, 0);
  const failures: CheckFailure[] = [];
  if (inputs.length < minimum) {
    const reason = `length (${inputs.length}) is less than minLower + minUpper + minNumeric + minSpecial (${minimum})`;
    failures.push({ property: "length", reason });
  }
  if (sets.every(({ characters }) => characters.length === 0)) {
    failures.push({ property: "", reason: "at least one of lower, upper, numeric and special must be true" });
  }
  return failures;
}

function generate(inputs: Inputs): string {
  // A minimum counts even where the set is switched off, as in the official provider: the switch is about the rest.
  const everywhere = characterSets({
    ...inputs,
    lower: true,
    upper: true,
    numeric: true,
    number: true,
    special: true,
  });
  const demanded = everywhere.flatMap(({ characters, minimum }) => drawn(characters, minimum));
  const all = characterSets(inputs).flatMap(({ characters }) => characters);
  return shuffled([...demanded, ...drawn(all, inputs.length - demanded.length)], unpredictable).join("");
}

function drawn(characters: readonly string[], length: number): readonly string[] {
  return Array.from({ length }, () => pick(characters, unpredictable));
}

/** Cost 10 is the official provider's. bcrypt reads no more than 72 bytes. */
async function bcryptHash(text: string): Promise<string> {
  return hash(text, 10);
}
