import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";

import { identify, type ProcessIdentity } from "../../../rehearsal/kubernetes/processes/process-table.ts";
import { startCluster, testFolder, until } from "./cluster.ts";

/** A cluster in a process of its own, and the processes that belong to it. */
interface Elsewhere {
  readonly owner: ChildProcess;
  readonly server: URL;
  readonly parts: readonly ProcessIdentity[];
}

describe("a cluster whose process ends", () => {
  const owners: ChildProcess[] = [];

  async function startElsewhere(folder: string): Promise<Elsewhere> {
    // In a process group of its own, as a shell starts what a person types.
    const program = join(import.meta.dirname, "cluster-process.ts");
    const owner = fork(program, [folder], { stdio: "inherit", detached: true });
    owners.push(owner);
    const [server] = (await once(owner, "message")) as [string];
    const record = JSON.parse(await readFile(join(folder, "processes.json"), "utf8")) as {
      readonly children: readonly ProcessIdentity[];
    };
    assert.equal(record.children.length, 5);
    return { owner, server: new URL(server), parts: record.children };
  }

  async function untilNothingIsLeft({ server, parts }: Elsewhere): Promise<void> {
    await until(async () => {
      const alive = await Promise.all(parts.map(({ pid }) => identify(pid)));
      return alive.every((identity) => identity === undefined) ? true : undefined;
    });
    const socket = createConnection({ host: server.hostname, port: Number(server.port) });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
  }

  afterEach(() => {
    for (const owner of owners.splice(0)) owner.kill("SIGKILL");
  });

  it("leaves no process and no port behind when it is killed", async () => {
    const elsewhere = await startElsewhere(testFolder());
    elsewhere.owner.kill("SIGKILL");
    await untilNothingIsLeft(elsewhere);
  });

  it("resumes at the same address the moment after it was killed", async () => {
    const folder = testFolder();
    const elsewhere = await startElsewhere(folder);
    elsewhere.owner.kill("SIGKILL");
    await once(elsewhere.owner, "exit");
    const resumed = await startCluster(folder);
    assert.equal(resumed.server, elsewhere.server.origin);
    await resumed.stop();
  });

  it("leaves no process and no port behind when it is interrupted", async () => {
    const elsewhere = await startElsewhere(testFolder());
    // Ctrl-C reaches every process of the group.
    process.kill(-(elsewhere.owner.pid ?? 0), "SIGINT");
    await untilNothingIsLeft(elsewhere);
  });

  it("is not started a second time from the same folder meanwhile", async () => {
    const folder = testFolder();
    const { owner } = await startElsewhere(folder);
    await assert.rejects(startCluster(folder), {
      name: "UserError",
      message: `The cluster "test" is in use by process ${owner.pid ?? "?"} (folder ${folder}): wait for it to end, or end it.`,
    });
  });
});
