import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as command from "@pulumi/command";
import { secret } from "@pulumi/pulumi";
import { command as provider } from "../../../rehearsal/providers/command/provider.ts";
import type { Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { created, difference, refusals, updated } from "./direct.ts";
import { TestEngine } from "./engine.ts";

const stand = provider();
const type = "command:local:Command";
const make = (inputs: Properties) => created(stand, type, inputs);

describe("the stand-in for command", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "uap-command-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("runs with environment, input, folder and interpreter, and keeps what is printed", async () => {
    const { state } = await make({
      create:
        "console.log(process.env.WHO, require('fs').readFileSync(0, 'utf8'), process.cwd()); console.error('aside')",
      environment: { WHO: "me" },
      stdin: "input",
      dir: folder,
      interpreter: [process.execPath, "-e"],
    });
    assert.deepEqual([state.stdout, state.stderr], [`me input ${folder}`, "aside"]);
  });

  it("takes no harm from a command that does not read its input", async () => {
    assert.equal(
      (await make({ create: "exec <&-; echo done", stdin: "x".repeat(1_000_000) })).state.stdout,
      "done",
    );
  });

  it("says how a command failed, but neither the command nor what it was given", async () => {
    const inputs = {
      create: "echo before; echo token=$TOKEN >&2; exit 3 # top-secret",
      environment: { TOKEN: "t0psecret" },
    };
    await assert.rejects(make(inputs), {
      message: "The command failed: exit status 3\nbefore\ntoken=[hidden]",
    });
    await assert.rejects(make({ ...inputs, logging: "stdout" }), {
      message: "The command failed: exit status 3\nbefore",
    });
    await assert.rejects(make({ ...inputs, logging: "none" }), {
      message: "The command failed: exit status 3",
    });
    await assert.rejects(make({ create: "kill -9 $$" }), /it was ended by SIGKILL/);
    await assert.rejects(make({ create: "true", dir: join(folder, "nowhere") }), /could not be started/);
  });

  it("updates in place by `update`, else by `create`, and hands on the output before", async () => {
    const first = await make({ create: "echo one" });
    const inputs = { create: "echo one", update: 'echo "$PULUMI_COMMAND_STDOUT two"' };
    assert.deepEqual((await difference(stand, first, inputs)).replaces, []);
    const second = await updated(stand, first, inputs);
    assert.equal(second.state.stdout, "one two");
    const third = await updated(stand, second, {
      create: "echo ${PULUMI_COMMAND_STDOUT-none}",
      addPreviousOutputInEnv: false,
    });
    assert.equal(third.state.stdout, "none");
  });

  it("is replaced when a trigger changes", async () => {
    const kept = await make({ create: "true", triggers: ["a", { b: 1 }] });
    const { replaces } = await difference(stand, kept, { create: "true", triggers: ["a", { b: 2 }] });
    assert.deepEqual(replaces, ["triggers[1].b"]);
  });

  it("refuses what it cannot do, and says what can", async () => {
    const [files = ""] = await refusals(stand, type, { create: "true", assetPaths: ["*.txt"] });
    assert.match(files, /^assetPaths: not in the rehearsal/);
    await assert.rejects(
      refusals(stand, "command:remote:Command", {}),
      /command:remote:Command is not in the rehearsal.*pulumi plugin install resource command \d/s,
    );
  });

  it("ends what is running, with all that it started, when the engine gives up", async () => {
    const note = join(folder, "started");
    const running = make({ create: `sleep 1000 & echo started > ${note}; wait` });
    while (!existsSync(note)) await new Promise(setImmediate);
    stand.cancel?.();
    // A command has not ended as long as anything that it started holds its output open.
    await assert.rejects(running, /it was ended by SIGTERM/);
  });

  describe("on the real engine", () => {
    let engine: TestEngine;

    before(async () => {
      engine = await TestEngine.open();
    });

    after(async () => {
      await engine.close();
    });

    it("creates, leaves alone, replaces and deletes, and previews without running", async () => {
      const log = join(folder, "log");
      const program = (trigger: string) => async () => {
        const made = new command.local.Command("it", {
          create: `echo created-$WHAT >> ${log}; echo "hello $WHAT"`,
          delete: `echo deleted >> ${log}`,
          environment: { WHAT: secret("hidden-word") },
          triggers: [trigger],
        });
        const ran = await command.local.run({ command: "echo ran" });
        return { stdout: made.stdout, ran: ran.stdout };
      };
      assert.deepEqual((await engine.preview(program("1"))).changes, { create: ["it"] });
      assert.ok(!existsSync(log));
      const first = await engine.up(program("1"));
      assert.deepEqual(first.outputs, { stdout: "hello hidden-word", ran: "ran" });
      assert.doesNotMatch(
        (await engine.state()).replace("hello hidden-word", ""),
        /"environment":\{[^}]*hidden-word/,
      );
      assert.deepEqual((await engine.up(program("1"))).changes, {});
      const replaced = await engine.up(program("2"));
      assert.deepEqual(replaced.changes["create-replacement"], ["it"]);
      await engine.destroy();
      assert.deepEqual(readFileSync(log, "utf8").split("\n"), [
        "created-hidden-word",
        "created-hidden-word",
        "deleted",
        "deleted",
        "",
      ]);
    });
  });
});
