import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";

import { UserError } from "../../../rehearsal/errors.ts";
import { toolFolder, toolPath } from "../../../rehearsal/toolchain/cache.ts";
import { obtain } from "../../../rehearsal/toolchain/obtain.ts";
import type { Settings } from "../../../rehearsal/toolchain/settings.ts";
import { TOOLS } from "../../../rehearsal/toolchain/tools.ts";
import { archiveOf, etcdMember, printing, sha256, Site } from "./site.ts";
import { sitesAt, Workbench } from "./workbench.ts";

const kwokAnswer = "kwok version v0.8.0 go1.26.8 (linux/amd64)";
const kwokPath = "/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-amd64";

/** Nothing but executables may ever be in a tool's folder. */
async function assertNothingHalf(settings: Settings): Promise<void> {
  const names = await readdir(toolFolder(TOOLS.kwok, settings));
  assert.deepEqual(
    names.filter((name) => name !== "bin"),
    [],
  );
}

describe("downloading a missing tool", () => {
  let workbench: Workbench;
  let site: Site;
  let settings: Settings;
  beforeEach(async () => {
    workbench = await Workbench.open();
    site = await Site.open();
    settings = workbench.settings({ sites: sitesAt(site.origin) });
  });
  afterEach(async () => {
    await site.close();
    await workbench.close();
  });

  it("verifies, caches and reports it, and a second call asks nobody", async () => {
    const program = printing(kwokAnswer, 300_000);
    site.kwok(program, program);
    const { kwok } = await obtain([TOOLS.kwok], settings);
    assert.equal(kwok, toolPath(TOOLS.kwok, settings));
    assert.deepEqual(await readFile(kwok), program);
    assert.deepEqual(workbench.states, ["downloading", "ready"]);
    assert.deepEqual(workbench.events.filter((event) => event.state === "downloading").at(-1), {
      tool: "kwok",
      version: "0.8.0",
      state: "downloading",
      bytes: 300_000,
      total: 300_000,
    });
    await assertNothingHalf(settings);

    await obtain([TOOLS.kwok], settings);
    assert.equal(site.requests.length, 2);
    assert.equal(workbench.events.at(-1)?.state, "cached");
  });

  it("takes an etcd out of its archive", async () => {
    const archive = await archiveOf(workbench.folder, etcdMember, printing("etcd Version: 3.6.14"));
    site.etcd(archive);
    const { etcd = "" } = await obtain([TOOLS.etcd], settings);
    assert.match(await readFile(etcd, "utf8"), /3\.6\.14/);
    assert.deepEqual(await readdir(dirname(etcd)), ["etcd"]);
  });

  it("refuses an archive without the program", async () => {
    const archive = await archiveOf(workbench.folder, "elsewhere/etcd", printing("etcd Version: 3.6.14"));
    site.etcd(archive);
    await assert.rejects(obtain([TOOLS.etcd], settings), {
      name: "UserError",
      message: /etcd-v3\.6\.14-linux-amd64\.tar\.gz holds no program etcd-v3\.6\.14-linux-amd64\/etcd/,
    });
  });

  it("refuses a program with the wrong checksum, and builds it instead", async () => {
    const program = printing(kwokAnswer);
    site.kwok(printing(`${kwokAnswer}; rm -rf everything`), program);
    await assert.rejects(obtain([TOOLS.kwok], settings), {
      name: "UserError",
      message: new RegExp(
        `the checksum of ${site.origin}${kwokPath} is \\w{64} and should be ${sha256(program)}`,
      ),
    });
    await assertNothingHalf(settings);

    await workbench.fakeGo();
    await obtain([TOOLS.kwok], settings);
    assert.deepEqual(workbench.states, ["downloading", "not-downloaded", "building", "ready"]);
  });

  it("refuses a program whose end is missing", async () => {
    const program = printing(kwokAnswer, 300_000);
    site.kwok((response) => {
      response.writeHead(200, { "content-length": program.length });
      response.write(program.subarray(0, 200_000), () => response.destroy());
    }, program);
    await assert.rejects(obtain([TOOLS.kwok], settings), { name: "UserError", message: /other side closed/ });
    await assertNothingHalf(settings);
  });

  it("refuses a program without a published checksum", async () => {
    site.on(kwokPath, printing(kwokAnswer));
    site.on("/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0", JSON.stringify({ assets: [] }));
    await assert.rejects(obtain([TOOLS.kwok], settings), {
      name: "UserError",
      message: /names no checksum of kwok-linux-amd64/,
    });
  });

  it("refuses a program that says it is another version", async () => {
    const program = printing("kwok version v0.9.0");
    site.kwok(program, program);
    await assert.rejects(obtain([TOOLS.kwok], settings), {
      name: "UserError",
      message: /^kwok 0\.8\.0 was obtained but says that it is version 0\.9\.0/,
    });
    await assertNothingHalf(settings);
  });

  it("tells all failed downloads at once when there is no Go", async () => {
    await assert.rejects(
      obtain([TOOLS.kwok, TOOLS["kube-scheduler"]], settings),
      new UserError(
        "These tools could not be downloaded, and not be built either because Go 1.26 or newer is not installed. " +
          "Run the command again later, or install Go 1.26 or newer (https://go.dev/dl).\n" +
          `  kwok 0.8.0: ${site.origin}/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0 answers 404 Not Found\n` +
          `  kube-scheduler 1.36.4: ${site.origin}/release/v1.36.4/bin/linux/amd64/kube-scheduler.sha256 answers 404 Not Found`,
      ),
    );
  });

  it("builds when no site answers, without asking for any file", async () => {
    site.on("/", () => undefined);
    await workbench.fakeGo();
    await obtain([TOOLS.kwok], { ...settings, patience: { ...settings.patience, connect: 100 } });
    assert.deepEqual(site.requests, []);
    assert.deepEqual(workbench.states, ["building", "ready"]);
  });

  it("has patience with a slow site for as long as something comes", async () => {
    const program = printing(kwokAnswer, 5_000);
    site.kwok((response) => {
      response.writeHead(200, { "content-length": program.length });
      let sent = 0;
      const timer = setInterval(() => {
        response.write(program.subarray(sent, (sent += 1_000)));
        if (sent === program.length) clearInterval(timer);
      }, 300);
    }, program);
    await obtain([TOOLS.kwok], { ...settings, patience: { ...settings.patience, silence: 1_000 } });
    assert.deepEqual(workbench.states, ["downloading", "ready"]);
  });

  it("gives a site up for the run when a download stops in the middle", async () => {
    const program = printing(kwokAnswer, 300_000);
    site.kwok((response) => {
      response.writeHead(200, { "content-length": program.length });
      response.write(program.subarray(0, 1_000));
    }, program);
    await workbench.fakeGo();
    const impatient = { ...settings, patience: { ...settings.patience, silence: 300 } };
    await obtain([TOOLS.kwok, TOOLS["kube-scheduler"]], impatient);
    assert.ok(site.requests.includes(kwokPath));
    assert.ok(!site.requests.some((path) => path.includes("kube-scheduler")));
    assert.match(JSON.stringify(workbench.events), /kwok-linux-amd64 stopped answering/);
    assert.equal((await workbench.builds()).length, 2);
  });
});
