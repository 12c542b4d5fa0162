import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CustomResource,
  ProviderResource,
  secret,
  type CustomResourceOptions,
  type Inputs,
  type Output,
} from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import fc from "fast-check";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { installScript, nodeScript } from "../../../rehearsal/providers/executable.ts";
import { differences } from "../../../rehearsal/providers/protocol/difference.ts";
import type { Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { fromStruct, readPlainly, toStruct } from "../../../rehearsal/providers/protocol/struct.ts";
import { TestEngine } from "./engine.ts";

const probe = join(import.meta.dirname, "probe", "main.ts");

class Thing extends CustomResource {
  constructor(name: string, inputs: Properties, options: CustomResourceOptions = {}) {
    const outputs = { made: undefined, coined: undefined, configuredSize: undefined, name: undefined };
    super("probe:index:Thing", name, { ...outputs, ...inputs }, { version: "1.0.0", ...options });
  }
}

class ProbeProvider extends ProviderResource {
  constructor(name: string, inputs: Inputs) {
    super("probe", name, inputs, { version: "1.0.0" });
  }
}

/** A program of one resource. */
function one(inputs: Properties): PulumiFn {
  return async () => {
    new Thing("thing", inputs);
    return Promise.resolve();
  };
}

describe("the provider protocol on the wire", () => {
  // The generated code loses this one key, which it takes for the object's prototype.
  const key = fc.string().filter((text) => text !== "__proto__");
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value")),
      fc.dictionary(key, tie("value")),
    ),
  }));

  const { Struct } = structProto;

  it("reads and writes the same as the generated code", () => {
    fc.assert(
      fc.property(fc.dictionary(key, values.value), (value) => {
        const bytes = Struct.fromJavaScript(value).serializeBinary();
        assert.deepEqual(plain(fromStruct(readPlainly(() => Struct.deserializeBinary(bytes)))), plain(value));
        assert.deepEqual(
          plain(Struct.deserializeBinary(toStruct(value).serializeBinary()).toJavaScript()),
          plain(value),
        );
      }),
    );
  });

  it("leaves out what is undefined, and refuses what is no data", () => {
    const bytes = toStruct({ kept: 1, left: undefined }).serializeBinary();
    assert.deepEqual(Struct.deserializeBinary(bytes).toJavaScript(), { kept: 1 });
    assert.throws(() => toStruct({ wrong: () => 1 }).serializeBinary(), /of type function/);
  });

  it("names the places that differ as the engine does", () => {
    const old = { same: 1, map: { "a.b/c": 1, gone: 2 }, list: [{ x: 1 }, 2] };
    const fresh = { same: 1, map: { "a.b/c": 2, come: 1 }, list: [{ x: 2 }, 2, 3] };
    assert.deepEqual(differences(old, fresh), [
      { path: 'map["a.b/c"]', change: "update" },
      { path: "map.gone", change: "delete" },
      { path: "map.come", change: "add" },
      { path: "list[0].x", change: "update" },
      { path: "list[2]", change: "add" },
    ]);
  });
});

/** Without the difference between 0 and -0, and prototypes, which JSON does not have either. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("a plugin's process", () => {
  const started: ChildProcess[] = [];

  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });

  function start(): ChildProcess {
    const child = spawn(process.execPath, [probe], { stdio: ["pipe", "pipe", "inherit"] });
    started.push(child);
    return child;
  }

  it("tells its port first, and listens on this machine only", async () => {
    const child = start();
    const port = Number(await firstLine(child));
    const listening = listeningAddresses(child.pid ?? 0, port);
    assert.deepEqual(listening, ["127.0.0.1"]);
  });

  it("ends when the engine's end of its standard input closes", async () => {
    const child = start();
    await firstLine(child);
    child.stdin?.end();
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  it("ends when it is interrupted", async () => {
    const child = start();
    await firstLine(child);
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });
});

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("The process has no output.");
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  return chunk.toString().trim();
}

/** The addresses that a process listens on at a port, as Linux tells them. */
function listeningAddresses(pid: number, port: number): readonly string[] {
  const rows = ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8").split("\n").slice(1),
  );
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(
      ([, local, , state]) => state === "0A" && Number.parseInt(local?.split(":")[1] ?? "", 16) === port,
    )
    .map(([, local]) => (local?.split(":")[0] === "0100007F" ? "127.0.0.1" : String(local)));
}

describe("the real engine with a provider of ours", () => {
  let engine: TestEngine;

  before(async () => {
    engine = await TestEngine.open();
    const path = join(engine.folder, "home/plugins/resource-probe-v1.0.0/pulumi-resource-probe");
    await installScript(path, nodeScript(probe));
  });

  after(async () => {
    await engine.close();
  });

  afterEach(async () => {
    await engine.forget();
  });

  it("creates, leaves alone, updates and replaces", async () => {
    const run = (inputs: Properties) =>
      engine.up(async () => {
        const thing = new Thing("thing", inputs) as Thing & Properties;
        return Promise.resolve({ made: thing.made, name: thing.name });
      });
    const first = await run({ free: "a", fixed: { at: 1 } });
    assert.deepEqual(first.changes, { create: ["thing"] });
    assert.deepEqual(first.outputs, { made: "made", name: "thing" });
    assert.deepEqual((await run({ free: "a", fixed: { at: 1 } })).changes, {});
    const updated = await run({ free: "b", fixed: { at: 1 } });
    assert.deepEqual(updated.changes, { update: ["thing"] });
    assert.match(updated.said, /"detailedDiff":\{"free":\{"diffKind":"update","inputDiff":true\}\}/);
    const replaced = await run({ free: "b", fixed: { at: 2 } });
    // Deleted before its successor is made, as the provider wants it.
    assert.deepEqual(Object.keys(replaced.changes), ["delete-replaced", "replace", "create-replacement"]);
    assert.match(replaced.said, /"fixed\.at":\{"diffKind":"update-replace","inputDiff":true\}/);
  });

  it("keeps what is secret out of the state and the events, however deep it lies", async () => {
    const clear = ["hidden-deep", "hidden-in-list", "hidden-whole", "hidden-later", "coined-by-the-provider"];
    const run = (hidden: string) =>
      engine.up(async () => {
        new Thing("thing", {
          nested: { open: "open-value", hidden: secret(hidden) },
          list: ["open-too", secret("hidden-in-list")],
          whole: secret({ inner: "hidden-whole" }),
        });
        return Promise.resolve();
      });
    const first = await run("hidden-deep");
    const stateAtFirst = await engine.state();
    const second = await run("hidden-later");
    assert.deepEqual(second.changes, { update: ["thing"] });
    const everything = first.said + stateAtFirst + second.said + (await engine.state());
    assert.ok(everything.includes("open-value"), "what is not secret is there to read");
    for (const value of clear) assert.ok(!everything.includes(value), `"${value}" can be read`);
    const refreshed = await engine.refresh();
    const afterRefresh = refreshed.said + (await engine.state());
    for (const value of clear)
      assert.ok(!afterRefresh.includes(value), `"${value}" can be read after a refresh`);
  });

  it("keeps a resource that was made but is not ready, whatever its size", async () => {
    // The engine gets the state in a header.
    const inputs = { small: "kept", large: "x".repeat(1_500_000) };
    await assert.rejects(engine.up(one({ ...inputs, fail: "half-way" })), /it has not become ready/);
    assert.match(await engine.state(), /"id":"half"/);
    assert.deepEqual((await engine.up(one(inputs))).changes, { update: ["thing"] });
    assert.doesNotMatch(await engine.state(), /initErrors/);
  });

  it("shows the provider's errors, and keeps nothing that was not made", async () => {
    await assert.rejects(engine.up(one({ fail: "at once" })), /no such thing can be made/);
    assert.doesNotMatch(await engine.state(), /probe:index:Thing/);
    await assert.rejects(engine.preview(one({ invalid: true })), /invalid.*is not to be true/s);
  });

  it("passes unknown values in previews, and takes them", async () => {
    const { changes } = await engine.preview(async () => {
      const first = new Thing("first", {}) as Thing & { made: unknown };
      new Thing("second", { from: { first: first.made } });
      return Promise.resolve();
    });
    assert.deepEqual(changes, { create: ["first", "second"] });
  });

  it("forgets what the provider says is gone", async () => {
    await engine.up(one({ vanishes: true }));
    await engine.refresh();
    assert.doesNotMatch(await engine.state(), /probe:index:Thing/);
  });

  it("gives a provider its own configuration in clear", async () => {
    await engine.up(async () => {
      const provider = new ProbeProvider("mine", { token: secret("clear-token") });
      new Thing("thing", {}, { provider });
      return Promise.resolve();
    });
    const state = await engine.state();
    assert.match(state, /"configuredSize":1/);
    assert.doesNotMatch(state, /clear-token/);
  });

  it("carries messages of several megabytes", async () => {
    const large = "y".repeat(5_000_000);
    let length = 0;
    await engine.preview(async () => {
      const thing = new Thing("thing", { large }) as Thing & { readonly large: Output<string> };
      thing.large.apply((text) => (length = text.length));
      return Promise.resolve();
    });
    assert.equal(length, large.length);
  });

  it("takes its plugins along when it is killed", async () => {
    const note = join(engine.folder, "processes");
    const failed = assert.rejects(engine.up(one({ hangAndTell: note })));
    const [plugin = 0, pulumi = 0] = (await content(note)).split(" ").map(Number);
    process.kill(pulumi, "SIGKILL");
    await failed;
    await gone(plugin);
    await engine.stack.cancel();
  });
});

/** What a file says, once there is one. */
async function content(path: string): Promise<string> {
  while (!existsSync(path) || readFileSync(path, "utf8") === "") await nextTurn();
  return readFileSync(path, "utf8");
}

/** Waits for the end of a process; mocha's time limit is the bound. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await nextTurn();
}

/** An ended process may stay in the table as a zombie, for its new parent to ask after. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
