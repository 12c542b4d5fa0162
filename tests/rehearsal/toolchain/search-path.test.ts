import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { obtain } from "../../../rehearsal/toolchain/obtain.ts";
import { toolOnPath } from "../../../rehearsal/toolchain/search-path.ts";
import { TOOLS } from "../../../rehearsal/toolchain/tools.ts";
import { isRunning, until, Workbench } from "./workbench.ts";

describe("a tool on PATH", () => {
  let workbench: Workbench;
  beforeEach(async () => {
    workbench = await Workbench.open();
  });
  afterEach(() => workbench.close());

  it("is used when its version fits, and nothing is written", async () => {
    const etcd = await workbench.program("etcd", 'echo "etcd Version: 3.6.99"');
    const kwok = await workbench.program("kwok", 'echo "kwok version v0.8.1 go1.26.8 (linux/amd64)"');
    const settings = workbench.settings({ cacheFolder: "/dev/null/nowhere" });
    assert.deepEqual(await obtain([TOOLS.etcd, TOOLS.kwok], settings), { etcd, kwok });
    assert.deepEqual(workbench.states, ["on-path"]);
  });

  it("is not used when its version does not fit", async () => {
    const path = await workbench.program("pulumi", "echo v3.200.0");
    assert.equal(await toolOnPath(TOOLS.pulumi, workbench.settings()), undefined);
    assert.deepEqual(workbench.events, [
      { tool: "pulumi", version: "3.259.0", state: "not-fitting", path, found: "3.200.0" },
    ]);
  });

  it("is not used when it fails or tells no version", async () => {
    const settings = workbench.settings();
    await workbench.program("kwok", "echo v0.8.0; exit 1");
    assert.equal(await toolOnPath(TOOLS.kwok, settings), undefined);
    await workbench.program("kwok", "echo hello");
    assert.equal(await toolOnPath(TOOLS.kwok, settings), undefined);
    assert.deepEqual(workbench.states, ["not-fitting"]);
  });

  it("is not used when it is no program", async () => {
    const settings = workbench.settings({ searchPath: `:${workbench.modules}:/dev/null` });
    assert.equal(await toolOnPath(TOOLS.kwok, settings), undefined);
    assert.deepEqual(workbench.events, []);
  });

  it("is ended, with all it started, when it does not answer in time", async () => {
    const pidFile = join(workbench.folder, "pid");
    await workbench.program("kwok", `sleep 1000 & echo $! > ${pidFile}; wait`);
    const settings = workbench.settings({
      patience: { ...workbench.settings().patience, version: 1_000 },
    });
    assert.equal(await toolOnPath(TOOLS.kwok, settings), undefined);
    const pid = Number(await readFile(pidFile, "utf8"));
    await until(async () => !(await isRunning(pid)));
  });
});
