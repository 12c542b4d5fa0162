import assert from "node:assert/strict";
import { compare } from "bcryptjs";
import fc from "fast-check";
import * as random from "@pulumi/random";
import { random as provider } from "../../../rehearsal/providers/random/provider.ts";
import { seeded, shuffled, unpredictable } from "../../../rehearsal/providers/random/draw.ts";
import { unknownValue, type Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { revealed } from "../../../rehearsal/providers/protocol/secret.ts";
import { created, difference, read, refusals, type Kept } from "./direct.ts";
import { TestEngine } from "./engine.ts";

const stand = provider();
const type = (name: string) => `random:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const make = (name: string, inputs: Properties): Promise<Kept> => created(stand, type(name), inputs);
const text = (kept: Kept, name: string): string => String(kept.state[name]);

describe("the stand-in for random", () => {
  it("has every resource of the SDK", async () => {
    const types = Object.values(random)
      .filter((member) => typeof member === "function" && "__pulumiType" in member)
      .map((member) => String((member as { __pulumiType: unknown }).__pulumiType))
      .filter((token) => token.includes(":"));
    assert.ok(types.length >= 10);
    for (const token of types) await refusals(stand, token, {});
  });

  it("draws strings of the length, from the sets, with the minima that were asked for", async () => {
    const count = fc.nat(4);
    const inputs = fc
      .record({
        minLower: count,
        minUpper: count,
        minNumeric: count,
        minSpecial: count,
        extra: fc.integer({ min: 1, max: 20 }),
        upper: fc.boolean(),
        special: fc.boolean(),
        overrideSpecial: fc.constantFrom("", "_", "-."),
      })
      .map(({ extra, ...rest }) => {
        return { ...rest, length: rest.minLower + rest.minUpper + rest.minNumeric + rest.minSpecial + extra };
      });
    await fc.assert(
      fc.asyncProperty(inputs, async (asked) => {
        const result = text(await make("RandomString", asked), "result");
        const specials = asked.overrideSpecial === "" ? "!@#$%&*()-_=+[]{}<>:?" : asked.overrideSpecial;
        const counts = { lower: 0, upper: 0, numeric: 0, special: 0 };
        for (const character of result) {
          if (/[a-z]/.test(character)) counts.lower++;
          else if (/[A-Z]/.test(character)) counts.upper++;
          else if (/[0-9]/.test(character)) counts.numeric++;
          else if (specials.includes(character)) counts.special++;
          else assert.fail(`"${character}" belongs to no set`);
        }
        assert.equal(result.length, asked.length);
        assert.ok(counts.lower >= asked.minLower && counts.numeric >= asked.minNumeric);
        assert.ok(asked.upper ? counts.upper >= asked.minUpper : counts.upper === asked.minUpper);
        assert.ok(asked.special ? counts.special >= asked.minSpecial : counts.special === asked.minSpecial);
      }),
    );
  });

  it("favours no number over another", () => {
    for (const draw of [unpredictable, seeded("a seed")]) {
      // Taken from a byte by a remainder, numbers below 64 of 192 would be half of all instead of a third.
      const small = Array.from({ length: 30_000 }, () => draw(192)).filter((number) => number < 64).length;
      // Six standard deviations of a fair draw are 490: fails by chance once in 10⁸ runs.
      assert.ok(Math.abs(small - 10_000) < 490, `${small} of 30000 numbers are in the first third`);
    }
  });

  it("marks what is secret by itself, whatever the SDK does", async () => {
    const request = {
      type: type("RandomPassword"),
      name: "it",
      urn: "it",
      inputs: { length: 8 },
      timeout: 0,
    };
    for (const preview of [true, false]) {
      const { state } = await stand.create({ ...request, preview });
      for (const name of ["result", "bcryptHash"]) assert.notDeepEqual(state[name], revealed(state[name]));
    }
  });

  it("gives passwords a bcrypt hash of the official provider's cost", async () => {
    const password = await make("RandomPassword", { length: 24 });
    assert.equal(password.id, "none");
    assert.match(text(password, "bcryptHash"), /^\$2[aby]\$10\$/);
    assert.ok(await compare(text(password, "result"), text(password, "bcryptHash")));
  });

  it("says everything that is wrong with the inputs", async () => {
    assert.deepEqual(await refusals(stand, type("RandomPassword"), { length: 3, minLower: 2, minUpper: 2 }), [
      "length: length (3) is less than minLower + minUpper + minNumeric + minSpecial (4)",
    ]);
    const nothing = { length: 8, lower: false, upper: false, numeric: false, special: false };
    assert.deepEqual(await refusals(stand, type("RandomString"), nothing), [
      ": at least one of lower, upper, numeric and special must be true",
    ]);
    const wrong = await refusals(stand, type("RandomPassword"), { length: "x", minLower: -1 });
    assert.equal(wrong.length, 2);
    assert.deepEqual(await refusals(stand, type("RandomPassword"), { length: unknownValue }), []);
    assert.deepEqual(await refusals(stand, type("RandomInteger"), { min: 5, max: 4 }), [
      "min: min (5) is larger than max (4)",
    ]);
  });

  it("replaces when an input changes, but not when a default is spelled out", async () => {
    const password = await make("RandomPassword", { length: 8, keepers: { version: "1" } });
    const same = await difference(stand, password, {
      length: 8,
      special: true,
      minLower: 0,
      keepers: { version: "1" },
    });
    assert.equal(same.changes, false);
    const other = await difference(stand, password, { length: 9, keepers: { version: "2" } });
    assert.deepEqual(other.detailed, { length: "update-replace", "keepers.version": "update-replace" });
    const unknown = await difference(stand, password, { length: 8, keepers: { version: unknownValue } });
    assert.deepEqual(unknown.replaces, ["keepers.version"]);
  });

  it("writes the same id in every notation", async () => {
    const kept = await make("RandomId", { byteLength: 5, prefix: "p-" });
    const bytes = Buffer.from(kept.id, "base64url");
    assert.equal(bytes.length, 5);
    assert.deepEqual(
      [kept.state.b64Url, kept.state.b64Std, kept.state.hex, kept.state.dec],
      [
        `p-${kept.id}`,
        `p-${bytes.toString("base64")}`,
        `p-${bytes.toString("hex")}`,
        `p-${bytes.readUIntBE(0, 5)}`,
      ],
    );
  });

  it("makes UUIDs of the version that was asked for", async () => {
    const variant = (version: number) =>
      new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);
    assert.match((await make("RandomUuid", {})).id, variant(4));
    const before = Date.now();
    const { id } = await make("RandomUuid7", {});
    assert.match(id, variant(7));
    const time = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    assert.ok(time >= before && time <= Date.now());
  });

  it("stays within the bounds of an integer, and reaches them", async () => {
    const results = new Set<unknown>();
    for (let round = 0; round < 200; round++)
      results.add((await make("RandomInteger", { min: -1, max: 2 })).state.result);
    assert.deepEqual([...results].sort(), [-1, 0, 1, 2]);
    assert.equal((await make("RandomInteger", { min: 7, max: 7 })).state.result, 7);
  });

  it("shuffles: all of them, some of them, or round by round", async () => {
    const inputs = ["a", "b", "c"];
    const all = (await make("RandomShuffle", { inputs })).state.results as string[];
    assert.deepEqual([...all].sort(), inputs);
    assert.equal(
      ((await make("RandomShuffle", { inputs, resultCount: 2 })).state.results as string[]).length,
      2,
    );
    const more = (await make("RandomShuffle", { inputs, resultCount: 6 })).state.results as string[];
    assert.deepEqual([...more].sort(), ["a", "a", "b", "b", "c", "c"]);
    assert.deepEqual((await make("RandomShuffle", { inputs: [], resultCount: 2 })).state.results, []);
  });

  it("draws the same for the same seed", () => {
    const draws = (seed: string) =>
      Array.from(
        { length: 50 },
        (() => {
          const draw = seeded(seed);
          return () => draw(1000);
        })(),
      );
    assert.deepEqual(draws("a"), draws("a"));
    assert.notDeepEqual(draws("a"), draws("b"));
    assert.deepEqual(shuffled([1, 2, 3, 4], seeded("s")), shuffled([1, 2, 3, 4], seeded("s")));
  });

  it("names pets in as many words as asked", async () => {
    assert.match((await make("RandomPet", {})).id, /^[a-z]+-[a-z]+$/);
    assert.match((await make("RandomPet", { length: 4, separator: "_", prefix: "x" })).id, /^x(_[a-z]+){4}$/);
  });

  it("takes over what exists already", async () => {
    const password = await read(stand, { type: type("RandomPassword"), id: "correct horse" });
    assert.equal(password.state.result, "correct horse");
    assert.equal((await difference(stand, password, { length: 13 })).changes, false);
    const identifier = await read(stand, { type: type("RandomId"), id: "p,q83v" });
    assert.deepEqual([identifier.state.hex, identifier.inputs], ["pabcdef", { byteLength: 3, prefix: "p" }]);
    const bytes = await read(stand, { type: type("RandomBytes"), id: "q83v" });
    assert.equal(bytes.state.hex, "abcdef");
    await assert.rejects(read(stand, { type: type("RandomPet"), id: "some-pet" }), /cannot be imported/);
  });

  describe("on the real engine", () => {
    let engine: TestEngine;

    before(async () => {
      engine = await TestEngine.open();
    });

    after(async () => {
      await engine.close();
    });

    it("comes up, stays, is replaced and goes, and no password can be read anywhere", async () => {
      const program = (version: string) => async () => {
        const password = new random.RandomPassword("password", { length: 20, keepers: { version } });
        const bytes = new random.RandomBytes("bytes", { length: 16 });
        new random.RandomString("string", { length: 5, keepers: { hash: password.bcryptHash } });
        return Promise.resolve({ password: password.result, hash: password.bcryptHash, hex: bytes.hex });
      };
      const first = await engine.up(program("1"));
      assert.deepEqual(first.changes, { create: ["bytes", "password", "string"] });
      const state = await engine.state();
      const again = await engine.up(program("1"));
      assert.deepEqual(again.changes, {});
      assert.deepEqual(again.outputs, first.outputs);
      await engine.refresh();
      const replaced = await engine.up(program("2"));
      assert.deepEqual(replaced.changes["create-replacement"], ["password", "string"]);
      assert.notEqual(replaced.outputs.password, first.outputs.password);
      assert.equal(replaced.outputs.hex, first.outputs.hex);
      const gone = await engine.destroy();
      assert.deepEqual(gone.changes, { delete: ["bytes", "password", "string"] });

      const everything = [first.said, state, again.said, replaced.said, gone.said, await engine.state()].join(
        "\n",
      );
      for (const value of [...Object.values(first.outputs), replaced.outputs.password]) {
        assert.ok(!everything.includes(String(value)), "a secret can be read");
      }
    });
  });
});
