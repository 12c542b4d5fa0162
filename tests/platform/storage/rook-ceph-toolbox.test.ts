import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { toolboxScript } from "../../../platform/storage/rook-ceph/toolbox.ts";

describe("the pod with Ceph's commands", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "uap-toolbox-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("tells the commands where the monitors are and who asks, and ends at once", async () => {
    writeFileSync(join(folder, "mon-endpoints"), "a=10.43.0.7:6789,mon-b=10.43.0.8:6789");
    writeFileSync(join(folder, "key"), "AQ==");
    const env = {
      PATH: process.env.PATH,
      SETTINGS: folder,
      ENDPOINTS: join(folder, "mon-endpoints"),
      KEY: join(folder, "key"),
    };
    const pod = spawn("bash", ["-euc", toolboxScript], { env, stdio: "inherit" });
    const ended = once(pod, "exit");
    const settings = join(folder, "ceph.conf");
    while (!existsSync(settings)) await delay(20);
    assert.equal(
      readFileSync(settings, "utf8"),
      `[global]\nmon_host = 10.43.0.7:6789,10.43.0.8:6789\n[client.admin]\nkeyring = ${folder}/keyring\n`,
    );
    assert.equal(readFileSync(join(folder, "keyring"), "utf8"), "[client.admin]\nkey = AQ==\n");
    assert.equal(statSync(join(folder, "keyring")).mode & 0o077, 0);
    pod.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
  });
});
