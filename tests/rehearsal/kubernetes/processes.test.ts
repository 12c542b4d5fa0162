import assert from "node:assert/strict";
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { FolderClaim } from "../../../rehearsal/kubernetes/processes/folder-claim.ts";
import { GuardedProcess } from "../../../rehearsal/kubernetes/processes/guarded-process.ts";
import { lastWords } from "../../../rehearsal/kubernetes/processes/log.ts";
import { identify, isAlive, residentMemory } from "../../../rehearsal/kubernetes/processes/process-table.ts";
import { testFolder, until } from "./cluster.ts";

describe("the process table", () => {
  it("knows a process that runs, its memory, and that it has ended", async () => {
    const child = spawn("sleep", ["60"]);
    const { pid = 0 } = child;
    const identity = await identify(pid);
    assert.ok(identity);
    assert.ok(await isAlive(identity));
    assert.ok((await residentMemory([pid, process.pid])) > (await residentMemory([pid])));
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.ok(!(await isAlive(identity)));
    assert.equal(await identify(pid), undefined);
    assert.equal(await residentMemory([pid]), 0);
  });

  it("does not take a process for an earlier one of the same number", async () => {
    const identity = await identify(process.pid);
    assert.ok(identity);
    assert.ok(!(await isAlive({ ...identity, started: "0" })));
  });
});

describe("a guarded process", () => {
  function start(script: string, folder = testFolder()): Promise<GuardedProcess> {
    const log = join(folder, "log");
    return GuardedProcess.start({ name: "test", command: "/bin/sh", arguments: ["-c", script], folder, log });
  }

  it("is known by its own number and works in its folder", async () => {
    const folder = testFolder();
    const started = await start("echo $$ > pid; echo said; echo complained >&2; exit 3", folder);
    assert.equal(await started.ended, 3);
    assert.equal(readFileSync(join(folder, "pid"), "utf8"), `${started.pid}\n`);
    assert.equal(readFileSync(started.log, "utf8"), "said\ncomplained\n");
  });

  it("is gone once it was killed, though it ignores what can be ignored", async () => {
    const started = await start("trap '' TERM INT HUP; while :; do sleep 60; done");
    await started.kill();
    assert.equal(await identify(started.pid), undefined);
    assert.equal(await started.ended, 128 + 9);
    // Once more is no mistake.
    await started.kill();
  });

  it("leaves what Ctrl-C does to its owner, and ends with it", async () => {
    const program = join(import.meta.dirname, "guarded-process-owner.ts");
    const owner = fork(program, [testFolder()], { detached: true });
    try {
      const [pid] = (await once(owner, "message")) as [number];
      process.kill(-(owner.pid ?? 0), "SIGINT");
      assert.deepEqual((await once(owner, "message"))[0], true);
      assert.ok(await identify(pid));
      owner.kill("SIGKILL");
      await until(async () => ((await identify(pid)) === undefined ? true : undefined));
    } finally {
      owner.kill("SIGKILL");
    }
  });

  it("says so in its exit status when the command does not exist", async () => {
    const folder = testFolder();
    const log = join(folder, "log");
    const started = await GuardedProcess.start({
      name: "test",
      command: "/no/such/tool",
      arguments: [],
      folder,
      log,
    });
    assert.equal(await started.ended, 127);
    assert.match(readFileSync(log, "utf8"), /\/no\/such\/tool.*not found|No such file/);
  });
});

describe("a claim on a folder", () => {
  const purpose = "The test";

  it("is refused as long as somebody holds it, and free afterwards", async () => {
    const folder = join(testFolder(), "new");
    const claim = await FolderClaim.make(folder, purpose);
    await assert.rejects(FolderClaim.make(folder, purpose), {
      name: "UserError",
      message: `The test is in use by process ${process.pid} (folder ${folder}): wait for it to end, or end it.`,
    });
    await claim.release();
    assert.ok(!existsSync(join(folder, "processes.json")));
    await (await FolderClaim.make(folder, purpose)).release();
  });

  it("is given to one of several who ask at once", async () => {
    const folder = testFolder();
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => FolderClaim.make(folder, purpose)));
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  });

  it("ends what a dead owner left running, and nobody else", async () => {
    const folder = testFolder();
    const [left, other] = [spawn("sleep", ["60"]), spawn("sleep", ["60"])];
    const ended = once(left, "exit");
    const record = {
      owner: { pid: process.pid, started: "an earlier process of this number" },
      children: [
        await identify(left.pid ?? 0),
        { pid: other.pid, started: "an earlier process of this number" },
      ],
    };
    writeFileSync(join(folder, "processes.json"), JSON.stringify(record));
    const claim = await FolderClaim.make(folder, purpose);
    assert.deepEqual(await ended, [null, "SIGKILL"]);
    assert.ok(await identify(other.pid ?? 0));
    other.kill();
    await claim.release();
  });

  it("says in one sentence that the folder cannot be used", async () => {
    const file = join(testFolder(), "file");
    writeFileSync(file, "");
    await assert.rejects(FolderClaim.make(join(file, "folder"), purpose), {
      name: "UserError",
      message: /^The test cannot use the folder .*\/file\/folder: ENOTDIR/,
    });
  });
});

describe("the last words of a log", () => {
  it("are the errors of Kubernetes' components, without time and place", () => {
    const log = [
      'I1121 08:21:16.561864   16093 server.go:150] "Version" version="v1.36.4"',
      'E1121 08:19:56.068166   13192 run.go:72] "command failed" err="bad key"',
      "goroutine 1 [running]:",
      "\tmain.go:12 +0x1d",
      "I1121 08:21:16.561915   16093 server.go:152] and on it goes",
    ];
    assert.deepEqual(lastWords(log.join("\n")), ['"command failed" err="bad key"']);
  });

  it("are the messages in the logs of etcd and kwok, each once", () => {
    const etcd =
      '{"level":"fatal","ts":"2026-11-21T08:17:42Z","caller":"etcdmain/etcd.go:66","msg":"failed","error":"no disk"}';
    const kwok = '{"time":"2026-11-21T08:19:25Z","level":"ERROR","msg":"Execute exit","err":"no server"}';
    assert.deepEqual(lastWords([etcd, etcd, kwok, ""].join("\n")), [
      "failed: no disk",
      "Execute exit: no server",
    ]);
  });

  it("are the last lines when nothing looks like an error", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    assert.deepEqual(lastWords(lines.join("\n")), lines.slice(-6));
    assert.deepEqual(lastWords(""), []);
  });
});
