import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { UserError } from "../../../rehearsal/errors.ts";
import { toolFolder } from "../../../rehearsal/toolchain/cache.ts";
import { findGo } from "../../../rehearsal/toolchain/go.ts";
import { obtain } from "../../../rehearsal/toolchain/obtain.ts";
import { hostPlatform } from "../../../rehearsal/toolchain/platform.ts";
import { TOOLS } from "../../../rehearsal/toolchain/tools.ts";
import { isRunning, until, Workbench } from "./workbench.ts";

const run = promisify(execFile);

describe("building a missing tool", () => {
  let workbench: Workbench;
  beforeEach(async () => {
    workbench = await Workbench.open();
  });
  afterEach(() => workbench.close());

  it("gives Go the recipe, and leaves the way to its modules to the machine", async () => {
    const recorded = join(workbench.folder, "environment");
    await workbench.fakeGo({ before: `{ pwd; env; } > ${recorded}` });
    process.env.GOPROXY = "file:///somewhere";
    try {
      await obtain([TOOLS["kube-scheduler"]], workbench.settings());
    } finally {
      delete process.env.GOPROXY;
    }

    const folder = toolFolder(TOOLS["kube-scheduler"], workbench.settings());
    const [build = ""] = await workbench.builds();
    assert.equal(
      build.replaceAll(/\.partial-\w+/g, ".partial"),
      "build -trimpath -buildvcs=false -ldflags -s -w " +
        "-X k8s.io/component-base/version.gitVersion=v1.36.4 " +
        "-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36 " +
        `-o ${folder}/.partial/kube-scheduler k8s.io/kubernetes/cmd/kube-scheduler`,
    );
    const environment = (await readFile(recorded, "utf8")).split("\n");
    assert.equal(environment[0], join(workbench.modules, "kubernetes"));
    for (const variable of [
      "CGO_ENABLED=0",
      "GOFLAGS=-mod=readonly",
      "GOWORK=off",
      "GOOS=linux",
      "GOARCH=amd64",
      "GOPROXY=file:///somewhere",
    ]) {
      assert.ok(environment.includes(variable), variable);
    }
    // So that the temporary files of a killed build are removed with the rest.
    assert.ok(environment.some((line) => line.startsWith(`GOTMPDIR=${folder}/.partial-`)));
  });

  it("reports the seconds so far and what to expect", async () => {
    await workbench.fakeGo();
    await obtain([TOOLS.kwok], workbench.settings());
    assert.deepEqual(workbench.events[0], {
      tool: "kwok",
      version: "0.8.0",
      state: "building",
      seconds: 0,
      expectedSeconds: TOOLS.kwok.build.seconds,
    });
    assert.deepEqual(await readdir(toolFolder(TOOLS.kwok, workbench.settings())), ["bin"]);
  });

  it("shows the end of what Go said when it fails", async () => {
    await workbench.fakeGo({
      before: "echo 'go: downloading a v1' >&2; echo 'main.go:1: what?' >&2; exit 1",
    });
    await assert.rejects(
      obtain([TOOLS.kwok, TOOLS["kube-scheduler"]], workbench.settings()),
      new UserError("Building kwok 0.8.0 with Go failed:\n  main.go:1: what?"),
    );
    assert.equal((await workbench.builds()).length, 1, "the next tool would fail likewise");
    assert.deepEqual(await readdir(toolFolder(TOOLS.kwok, workbench.settings())), []);
  });

  const reasons = {
    "mkdir /tmp/x: no space left on device":
      /because a disk is full: free some space .* UAP_CACHE and GOCACHE/,
    'Get "https://x": dial tcp: lookup x: no such host': /because Go could not download the modules: connect/,
  };
  for (const [line, message] of Object.entries(reasons)) {
    it(`knows the way out of "${line}"`, async () => {
      await workbench.fakeGo({ before: `echo '${line}' >&2; exit 1` });
      await assert.rejects(obtain([TOOLS.kwok], workbench.settings()), { name: "UserError", message });
    });
  }

  it("ends Go and everything it started when aborted, and removes what it had begun", async () => {
    const pidFile = join(workbench.folder, "pid");
    await workbench.fakeGo({ before: `sleep 1000 & echo $! > ${pidFile}; wait` });
    const abort = new AbortController();
    const settings = workbench.settings({ signal: abort.signal });
    const obtained = obtain([TOOLS.kwok], settings);
    const rejected = assert.rejects(obtained, /enough/);
    await until(async () => (await readFile(pidFile, "utf8").catch(() => "")).endsWith("\n"));
    abort.abort(new Error("enough"));
    await rejected;
    const pid = Number(await readFile(pidFile, "utf8"));
    await until(async () => !(await isRunning(pid)));
    assert.deepEqual(await readdir(toolFolder(TOOLS.kwok, settings)), []);
  });

  it("works with the real Go", async function () {
    const settings = workbench.settings({ platform: hostPlatform(), searchPath: process.env.PATH ?? "" });
    if (!("path" in (await findGo(settings, "kwok")))) this.skip();
    // Without imports there is nothing to compile but Go's own runtime.
    const source =
      'package main\n\nvar version string\n\nfunc main() { print("version ", version, "\\n") }\n';
    await writeFile(join(workbench.modules, "kwok", "main.go"), source);
    await writeFile(join(workbench.modules, "kwok", "go.mod"), "module example\n\ngo 1.26\n");
    const build = { ...TOOLS.kwok.build, package: "example", variables: { "main.version": "v0.8.0" } };
    const { kwok = "" } = await obtain([{ ...TOOLS.kwok, build, accepts: "<0.0.0" }], settings);
    assert.deepEqual(await run(kwok), { stdout: "", stderr: "version v0.8.0\n" });
    assert.deepEqual(await readdir(toolFolder(TOOLS.kwok, settings)), ["bin"]);
  });
});
