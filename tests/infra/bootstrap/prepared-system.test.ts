import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { systemFiles } from "../../../infra/bootstrap/system-files.ts";
import { canIsolate, Machine } from "./machine.ts";
import { bootstrapOf, namedIdentity, type Wish } from "./nodes.ts";
import { findProgram } from "./programs.ts";
import { downloadSite, type TestServer } from "./servers.ts";

describe("the units of a node", () => {
  it("are fine by systemd, on servers and agents", async function () {
    const program = await findProgram(["systemd-analyze"]);
    if (program === undefined) {
      console.log("    systemd-analyze is not on this machine: install it to have the units checked.");
      return this.skip();
    }
    const folder = await mkdtemp(join(tmpdir(), "uap-units-"));
    try {
      for (const role of ["control-plane", "worker"] as const) {
        const units = systemFiles(bootstrapOf({ role }).node).filter(({ path }) => path.endsWith(".service"));
        assert.equal(units.length, 3);
        for (const { path, contents } of units) {
          const file = join(folder, path.slice(path.lastIndexOf("/") + 1));
          // The programs themselves are not on this machine.
          await writeFile(file, contents.replace(/^ExecStart=\S+/m, "ExecStart=/bin/true"));
          const { stderr } = await promisify(execFile)("systemd-analyze", [
            "verify",
            "--man=no",
            "--recursive-errors=no",
            file,
          ]);
          assert.equal(stderr, "", path);
        }
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("begin the bootstrap anew a minute after it failed, however often that was", () => {
    const unit = systemFiles(bootstrapOf().node).find(({ path }) => path.endsWith("/uap-bootstrap.service"));
    const [beginning = "", service = ""] = unit?.contents.split("[Service]\n") ?? [];
    assert.match(beginning, /^StartLimitIntervalSec=0$/m);
    assert.match(service, /^Restart=on-failure\nRestartSec=60$/m);
  });
});

describe("a machine that is prepared for k3s", () => {
  const opened: TestServer[] = [];
  const machines: Machine[] = [];
  before(async function () {
    if (!(await canIsolate())) this.skip();
  });
  afterEach(async () => {
    await Promise.all([
      ...opened.splice(0).map((server) => server.close()),
      ...machines.splice(0).map((machine) => machine.remove()),
    ]);
  });

  /** A machine that begins its cluster. */
  async function machineFor(wish: Wish): Promise<Machine> {
    const site = await downloadSite();
    opened.push(site);
    const cluster = { releases: site.url };
    const machine = await Machine.create(
      bootstrapOf({ role: "control-plane", ...wish, cluster }),
      namedIdentity(),
    );
    machines.push(machine);
    return machine;
  }

  it("switches off the UFW of a cloud's image, which lets in nothing but SSH", async () => {
    const machine = await machineFor({ cloud: "vultr" });
    await machine.write("/ufw-active", "");
    const { code, output } = await machine.boot();
    assert.equal(code, 0, output);
    assert.equal(await machine.read("/ufw-active"), undefined);
    const said = (await machine.log()).filter((line) => line.includes("ufw"));
    assert.deepEqual(said, [
      "ufw was active and is switched off: the cloud's firewall has the cluster's rules",
    ]);
    assert.equal((await machine.boot()).code, 0);
    assert.equal((await machine.log()).filter((line) => line.includes("ufw")).length, 1);
  });

  it("leaves the UFW of a machine of one's own on, and says what that has to let in", async () => {
    const machine = await machineFor({ cloud: "on-prem", network: "kilo" });
    await machine.write("/ufw-active", "");
    assert.equal((await machine.boot()).code, 0);
    assert.equal(await machine.read("/ufw-active"), "");
    const [said = "", ...others] = (await machine.log()).filter((line) => line.includes("ufw"));
    assert.deepEqual(others, []);
    assert.match(
      said,
      /^ufw is active on this machine and stays so: it has to let in 51820\/udp, 6443\/tcp, 2379:2380\/tcp, 10250\/tcp, .*\/tcp, and whatever comes from 10\.42\.0\.0\/16 and 10\.43\.0\.0\/16$/,
    );
    // SSH is the owner's affair, and no public traffic enters here.
    assert.doesNotMatch(said, / (22|80|443)\//);
  });

  describe("without the memory control group", () => {
    const controllers = "/sys/fs/cgroup/cgroup.controllers";
    const image = "console=serial0,115200 root=PARTUUID=ba2edfb9-02 rootwait\n";
    const changed =
      "console=serial0,115200 root=PARTUUID=ba2edfb9-02 rootwait cgroup_memory=1 cgroup_enable=memory\n";
    const pi = async () => {
      const machine = await machineFor({ cloud: "on-prem", arch: "arm64" });
      await machine.write(controllers, "cpuset cpu io pids\n");
      return machine;
    };
    const restarts = async (machine: Machine) =>
      (await machine.calls()).filter((call) => call === "systemctl reboot").length;

    for (const file of ["/boot/firmware/current/cmdline.txt", "/boot/firmware/cmdline.txt"])
      it(`switches it on in ${file}, restarts once, and goes on`, async () => {
        const machine = await pi();
        await machine.write(file, image);
        const { code, output } = await machine.boot();
        assert.equal(code, 0, output);
        assert.equal(await machine.read(file), changed);
        assert.equal(await restarts(machine), 1);
        assert.equal(await machine.read("/usr/local/bin/k3s"), undefined);
        await machine.write(controllers, "cpuset cpu io memory pids\n");
        assert.equal((await machine.boot()).code, 0);
        assert.equal(await machine.read(file), changed);
        assert.equal(await restarts(machine), 1);
        assert.equal((await machine.log()).at(-1), "phase ready");
      });

    it("prefers the command line of the kernel that runs", async () => {
      const machine = await pi();
      await machine.write("/boot/firmware/current/cmdline.txt", image);
      await machine.write("/boot/firmware/cmdline.txt", image);
      await machine.boot();
      assert.equal(await machine.read("/boot/firmware/current/cmdline.txt"), changed);
      assert.equal(await machine.read("/boot/firmware/cmdline.txt"), image);
    });

    it("says so when the kernel does not do as its command line says", async () => {
      const machine = await pi();
      await machine.write("/boot/firmware/cmdline.txt", changed);
      assert.equal((await machine.boot()).code, 1);
      assert.equal(
        (await machine.log()).at(-1),
        "failed in phase system: the kernel has no memory control group, which k3s needs, though /boot/firmware/cmdline.txt asks for it",
      );
      assert.equal(await restarts(machine), 0);
    });

    it("names the arguments where it does not know the command line's file", async () => {
      const machine = await pi();
      assert.equal((await machine.boot()).code, 1);
      assert.match(
        (await machine.log()).at(-1) ?? "",
        /^failed in phase system: .* no memory control group, .*: add cgroup_memory=1 cgroup_enable=memory to the kernel's command line/,
      );
      assert.equal(await restarts(machine), 0);
    });
  });
});
