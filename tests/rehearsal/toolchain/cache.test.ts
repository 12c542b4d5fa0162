import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { UserError } from "../../../rehearsal/errors.ts";
import { cacheFolder, toolPath } from "../../../rehearsal/toolchain/cache.ts";
import { obtain } from "../../../rehearsal/toolchain/obtain.ts";
import { TOOLS } from "../../../rehearsal/toolchain/tools.ts";
import { archiveOf, etcdMember, printing, Site } from "./site.ts";
import { NO_NETWORK, Workbench } from "./workbench.ts";

const run = promisify(execFile);

describe("the cache folder", () => {
  it("is UAP_CACHE, else uap in the user's cache folder", () => {
    assert.equal(cacheFolder({ UAP_CACHE: "/a", XDG_CACHE_HOME: "/b" }), "/a");
    assert.equal(cacheFolder({ UAP_CACHE: "", XDG_CACHE_HOME: "/b" }), "/b/uap");
    assert.equal(cacheFolder({ XDG_CACHE_HOME: "relative" }), join(homedir(), ".cache/uap"));
    assert.equal(cacheFolder({}), join(homedir(), ".cache/uap"));
  });
});

describe("a cached tool", () => {
  let workbench: Workbench;
  beforeEach(async () => {
    workbench = await Workbench.open();
  });
  afterEach(() => workbench.close());

  it("is used at once: no process is started, also for one on PATH", async () => {
    const settings = workbench.settings();
    const path = toolPath(TOOLS.kwok, settings);
    await mkdir(dirname(path), { recursive: true });
    const trace = join(workbench.folder, "started");
    await writeFile(path, `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 });
    await workbench.program("kwok", `touch ${trace}; echo v0.8.0`);

    assert.deepEqual(await obtain([TOOLS.kwok], settings), { kwok: path });
    assert.deepEqual(workbench.events, [{ tool: "kwok", version: "0.8.0", state: "cached", path }]);
    await assert.rejects(run("ls", [trace]));
  });

  it("is another one for another platform", () => {
    const settings = workbench.settings();
    const darwin = workbench.settings({ platform: { system: "darwin", architecture: "arm64" } });
    assert.notEqual(toolPath(TOOLS.kwok, settings), toolPath(TOOLS.kwok, darwin));
  });
});

describe("an unusable cache folder", () => {
  let workbench: Workbench;
  beforeEach(async () => {
    workbench = await Workbench.open();
    await workbench.fakeGo();
  });
  afterEach(() => workbench.close());

  const wayOut = "put that right, or set UAP_CACHE to another folder (all tools together take about 500 MB).";

  it("is told when a file is in its place", async () => {
    const file = join(workbench.folder, "file");
    await writeFile(file, "");
    for (const folder of [file, join(file, "below")]) {
      await assert.rejects(
        obtain([TOOLS.kwok], workbench.settings({ cacheFolder: folder })),
        new UserError(
          `The cache folder ${folder} is not a folder, so kwok 0.8.0 cannot be kept there: ${wayOut}`,
        ),
      );
    }
  });

  it("is told when it is read-only", async function () {
    const folder = join(workbench.folder, "mount");
    const output = await runOnMount(this, workbench, "kwok", folder, "ro", NO_NETWORK);
    assert.equal(
      output.trim().split("\n").at(-2),
      `The cache folder ${folder} is read-only, so kwok 0.8.0 cannot be kept there: ${wayOut}`,
    );
  });

  for (const { what, tool } of [
    { what: "when it is full", tool: TOOLS.kwok },
    { what: "when there is room for the archive but not for the program in it", tool: TOOLS.etcd },
  ]) {
    it(`is told ${what}, and nothing half is left`, async function () {
      const site = await Site.open();
      try {
        const program = printing("kwok version v0.8.0", 3_000_000);
        site.kwok(program, program);
        site.etcd(await archiveOf(workbench.folder, etcdMember, printing("etcd Version: 3.6.14", 3_000_000)));
        const folder = join(workbench.folder, "mount");
        const output = await runOnMount(this, workbench, tool.name, folder, "size=1m", site.origin);
        const { name, version } = tool;
        assert.deepEqual(output.trim().split("\n").slice(-3), [
          `The cache folder ${folder} is full, so ${name} ${version} cannot be kept there: ${wayOut}`,
          "files:",
          `${folder}/${name}/${version}-linux-amd64`,
        ]);
      } finally {
        await site.close();
      }
    });
  }
});

/**
 * Obtains a tool into a file system of its own, in a namespace of its own: nobody else sees the mount, and it ends with the
 * process. Skips the test where this user may not do that, which is so on macOS and in some containers.
 *
 * @returns what the run printed, and after a line "files:" the last entries of the cache folder's tree.
 */
async function runOnMount(
  test: Mocha.Context,
  workbench: Workbench,
  tool: string,
  folder: string,
  mountOptions: string,
  origin: string,
): Promise<string> {
  await mkdir(folder);
  const isolated = ["--map-root-user", "--mount", "sh", "-c"];
  const mount = `mount -t tmpfs -o ${mountOptions} tmpfs "$1"`;
  try {
    await run("unshare", [...isolated, mount, "sh", folder]);
  } catch {
    test.skip();
  }
  const script = join(import.meta.dirname, "run.ts");
  const { stdout } = await run("unshare", [
    ...isolated,
    `${mount}; "$2" "$3" "$4" "$1" "$5" "$6" "$7"; echo files:; find "$1" -mindepth 2`,
    "sh",
    folder,
    process.execPath,
    script,
    tool,
    workbench.modules,
    workbench.binaries,
    origin,
  ]);
  return stdout;
}
