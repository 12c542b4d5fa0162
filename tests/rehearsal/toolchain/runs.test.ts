import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { toolFolder, toolPath } from "../../../rehearsal/toolchain/cache.ts";
import { withLock } from "../../../rehearsal/toolchain/lock.ts";
import { obtain } from "../../../rehearsal/toolchain/obtain.ts";
import { TOOLS } from "../../../rehearsal/toolchain/tools.ts";
import { isRunning, NO_NETWORK, until, Workbench } from "./workbench.ts";

describe("several runs", () => {
  let workbench: Workbench;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    workbench = await Workbench.open();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await workbench.close();
  });

  /** Starts a run of its own; `output` grows by a line of JSON for each event. */
  function start(): { child: ChildProcess; output: () => string; ended: Promise<unknown[]> } {
    const { cacheFolder } = workbench.settings();
    const script = join(import.meta.dirname, "run.ts");
    const child = spawn(
      process.execPath,
      [script, "kwok", cacheFolder, workbench.modules, workbench.binaries, NO_NETWORK],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.push(child);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    return { child, output: () => output, ended: once(child, "close") };
  }

  it("at once build a tool once, and the others show that they wait", async () => {
    const gate = join(workbench.folder, "gate");
    await workbench.fakeGo({ before: `while [ ! -e ${gate} ]; do sleep 0.02; done` });
    const first = start();
    await until(() => first.output().includes('"building"'));
    const second = start();
    await until(() => second.output().includes('"waiting"'));
    await writeFile(gate, "");

    assert.deepEqual(await first.ended, [0, null]);
    assert.deepEqual(await second.ended, [0, null]);
    assert.match(first.output(), /"ready"/);
    assert.match(second.output(), /"cached"/);
    assert.doesNotMatch(second.output(), /"building"/);
    assert.equal((await workbench.builds()).length, 1);
  });

  for (const signal of ["SIGKILL", "SIGINT", "SIGTERM"] as const) {
    it(`leave no half tool and no running build when ended by ${signal}, and the next one goes on`, async () => {
      const settings = workbench.settings();
      const folder = toolFolder(TOOLS.kwok, settings);
      const pidFile = join(workbench.folder, "pid");
      // A tool that is half written when the signal comes.
      const half = 'for argument; do case "$argument" in */kwok) echo half > "$argument" ;; esac; done';
      await workbench.fakeGo({ before: `${half}; sleep 1000 & echo $! > ${pidFile}; wait` });
      const run = start();
      await until(async () => (await readFile(pidFile, "utf8").catch(() => "")).endsWith("\n"));
      run.child.kill(signal);
      assert.deepEqual(await run.ended, [null, signal]);

      const pid = Number(await readFile(pidFile, "utf8"));
      await until(async () => !(await isRunning(pid)));
      await assert.rejects(access(toolPath(TOOLS.kwok, settings)));
      assert.equal((await readdir(folder)).filter((name) => name.startsWith(".partial-")).length, 1);

      // Saves the seconds until the lock counts as abandoned; only SIGKILL leaves one.
      const lock = join(folder, ".lock");
      if (signal === "SIGKILL") await utimes(lock, 0, 0);
      else await assert.rejects(access(lock));
      await workbench.fakeGo();
      await obtain([TOOLS.kwok], settings);
      assert.deepEqual(await readdir(folder), ["bin"]);
    });
  }

  it("do not work beside each other when one lost its lock while it slept", async () => {
    let attempts = 0;
    const signal = new AbortController().signal;
    const never = (): never => assert.fail("nobody else holds the lock");
    const result = await withLock(workbench.folder, signal, never, async (lost) => {
      attempts += 1;
      if (attempts === 2) return "done";
      // Stands for another run that found the lock abandoned, took it and gave it back.
      await rm(join(workbench.folder, ".lock"), { recursive: true });
      await once(lost, "abort");
      throw new Error("the work was given up");
    });
    assert.deepEqual({ result, attempts }, { result: "done", attempts: 2 });
    await assert.rejects(access(join(workbench.folder, ".lock")));
  });

  it("stop waiting when aborted", async () => {
    const abort = new AbortController();
    const held = Promise.withResolvers<undefined>();
    const quiet = (): void => undefined;
    const first = withLock(workbench.folder, new AbortController().signal, quiet, () => held.promise);
    await until(() =>
      access(join(workbench.folder, ".lock")).then(
        () => true,
        () => false,
      ),
    );
    const second = withLock(
      workbench.folder,
      abort.signal,
      () => {
        abort.abort(new Error("enough"));
      },
      () => assert.fail("has no lock"),
    );
    await assert.rejects(second, /enough/);
    held.resolve(undefined);
    await first;
  });
});
