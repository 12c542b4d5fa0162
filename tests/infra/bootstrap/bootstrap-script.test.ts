import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { bootstrapScript } from "../../../infra/bootstrap/bootstrap-script.ts";
import { nodePaths } from "../../../infra/bootstrap/node-bootstrap.ts";
import { joinScript } from "../../../infra/bootstrap/on-prem.ts";
import { canIsolate, Machine } from "./machine.ts";
import { bootstrapOf, namedIdentity, networks } from "./nodes.ts";
import type { Wish } from "./nodes.ts";
import { findProgram } from "./programs.ts";
import type { Site, TestServer } from "./servers.ts";
import { controlPlane, downloadSite, standInK3s } from "./servers.ts";

const identity = namedIdentity();
const authority = identity.authorities["server-ca.crt"];

describe("the bootstrap script's text", () => {
  it("is fine by shellcheck, with every way to find an address, for both roles and all networks", async function () {
    const program = await findProgram(["shellcheck"]);
    if (program === undefined) {
      console.log("    shellcheck is not on this machine: install it to have the shell parts checked.");
      return this.skip();
    }
    const folder = await mkdtemp(join(tmpdir(), "uap-shell-"));
    try {
      const volumeFolder = "/var/lib/rancher/k3s/storage";
      const scripts = (["hetzner", "aws", "on-prem"] as const).flatMap((cloud) =>
        (["control-plane", "worker"] as const).flatMap((role) =>
          networks.map((network) => ({
            cloud,
            role,
            network,
            volume: "100Gi" as const,
            cluster: { volumeFolder },
          })),
        ),
      );
      const files = scripts.map((_, index) => join(folder, `${index}.sh`));
      for (const [index, wish] of scripts.entries())
        await writeFile(files[index] ?? "", bootstrapScript(bootstrapOf(wish), identity));
      const joining = join(folder, "join.sh");
      await writeFile(
        joining,
        joinScript(bootstrapOf({ cloud: "on-prem", role: "control-plane" }), identity),
      );
      const [command, ...first] = program;
      await promisify(execFile)(command, [...first, "--shell=sh", ...files, joining]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("the bootstrap script", () => {
  const opened: { close(): Promise<void> }[] = [];
  const machines: Machine[] = [];

  before(async function () {
    if (await canIsolate()) return;
    console.log(
      "    Processes cannot have a root of their own here (unshare -r -m): the bootstrap script is not run.",
    );
    this.skip();
  });
  afterEach(async () => {
    await Promise.all([
      ...opened.splice(0).map((server) => server.close()),
      ...machines.splice(0).map((machine) => machine.remove()),
    ]);
  });

  async function site(answers?: Site): Promise<TestServer> {
    const server = await downloadSite(answers);
    opened.push(server);
    return server;
  }
  async function answering(address: string, certificate = authority): Promise<TestServer> {
    const server = await controlPlane(address, certificate);
    opened.push(server);
    return server;
  }
  async function machineFor(wish: Wish, { url }: Pick<TestServer, "url">): Promise<Machine> {
    const cluster = { releases: url, ...wish.cluster };
    const machine = await Machine.create(bootstrapOf({ ...wish, cluster }), identity);
    machines.push(machine);
    return machine;
  }
  const alone: Wish = { role: "control-plane" };

  it("makes a single control plane begin its cluster", async () => {
    const { url, requests } = await site();
    const machine = await machineFor(alone, { url });
    const { code, output } = await machine.boot();
    assert.equal(code, 0, output);
    assert.deepEqual(await machine.log(), [
      "phase system",
      "the kernel has no module rbd: systems that need it will not run here",
      "phase addresses",
      "phase download",
      "phase cluster",
      "nobody answers: this control plane begins the cluster",
      "phase start",
      "phase ready",
    ]);
    assert.deepEqual(requests, ["/v1.36.4%2Bk3s1/sha256sum-amd64.txt", "/v1.36.4%2Bk3s1/k3s"]);
    assert.equal(await machine.read("/usr/local/bin/k3s"), standInK3s);
    assert.equal(await machine.read(nodePaths.membership), "cluster-init: true\n");
    assert.deepEqual((await machine.read(nodePaths.addresses))?.split("\n").filter(Boolean), [
      "node-ip: 10.20.0.5",
      "node-external-ip: 203.0.113.7",
      "flannel-iface: enp7s0",
      "advertise-address: 10.20.0.5",
    ]);
    assert.match((await machine.read("/etc/fstab")) ?? "", /^#\/swapfile/m);
    const calls = await machine.calls();
    for (const call of [
      "swapoff -a",
      "modprobe wireguard",
      "systemctl enable --now uap-metadata-guard.service",
      "systemctl enable k3s.service",
    ])
      assert.ok(calls.includes(call), call);
    assert.equal(await machine.read("/started"), "started\n");
  });

  it("changes nothing at the second boot", async () => {
    const { url, requests } = await site();
    const machine = await machineFor(alone, { url });
    await machine.boot();
    const before = await machine.everything();
    const downloads = requests.length;
    const { code, output } = await machine.boot();
    assert.equal(code, 0, output);
    assert.deepEqual(await machine.everything(), before);
    assert.equal(requests.length, downloads);
    assert.equal((await machine.calls()).filter((call) => call.startsWith("systemctl restart")).length, 1);
  });

  it("leaves a k3s alone that the cluster has upgraded", async () => {
    const { url } = await site();
    const machine = await machineFor(alone, { url });
    await machine.boot();
    await machine.write("/usr/local/bin/k3s", "#!/bin/sh\n# newer\n", 0o755);
    assert.equal((await machine.boot()).code, 0);
    assert.equal(await machine.read("/usr/local/bin/k3s"), "#!/bin/sh\n# newer\n");
  });

  it("outlives a download site that fails for a while", async () => {
    const { url } = await site({ failures: 3 });
    const machine = await machineFor({ ...alone, arch: "arm64" }, { url });
    assert.equal((await machine.boot()).code, 0);
    assert.equal((await machine.log()).filter((line) => line.includes("503")).length, 3);
    assert.equal(await machine.read("/usr/local/bin/k3s"), standInK3s);
  });

  it("gives up on a download site that keeps failing, and finishes at the next boot when it works again", async () => {
    const broken = await site({ failures: 8 });
    const machine = await machineFor(alone, broken);
    const { code } = await machine.boot();
    assert.equal(code, 1);
    assert.equal(broken.requests.length, 8);
    assert.match(
      (await machine.log()).at(-1) ?? "",
      /^failed in phase download: k3s cannot be downloaded: http.*sha256sum-amd64\.txt.*503/,
    );
    assert.equal(await machine.read("/started"), undefined);
    assert.equal((await machine.boot()).code, 0);
  });

  it("does not install a binary whose checksum is wrong", async () => {
    const { url } = await site({ checksum: "f".repeat(64) });
    const machine = await machineFor(alone, { url });
    assert.equal((await machine.boot()).code, 1);
    assert.match(
      (await machine.log()).at(-1) ?? "",
      /failed in phase download: .* has the checksum [0-9a-f]{64}, but sha256sum-amd64\.txt says f{64}/,
    );
    assert.equal(await machine.read("/usr/local/bin/k3s"), undefined);
    assert.equal(await machine.read("/usr/local/bin/.k3s-download/k3s"), undefined);
  });

  it("says so when the disk is full", async () => {
    const { url } = await site();
    const machine = await machineFor(alone, { url });
    assert.equal((await machine.boot({ disk: "1m" })).code, 1);
    assert.match(
      (await machine.log()).at(-1) ?? "",
      /failed in phase download: the disk is full: \/usr\/local\/bin has \d+ KiB left/,
    );
  });

  it("lets an agent join where its cluster answers, and passes by another cluster", async () => {
    const { url } = await site();
    const stranger = await answering("127.201.7.1", "another authority\n");
    const server = await answering("127.201.7.2");
    const controlPlanes = [stranger, server].map(({ address }, index) => ({
      name: `master-${index + 1}`,
      address,
    }));
    const machine = await machineFor({ cluster: { controlPlanes } }, { url });
    const { code, output } = await machine.boot();
    assert.equal(code, 0, output);
    assert.equal(await machine.read(nodePaths.membership), "server: https://127.201.7.2:6443\n");
    assert.deepEqual(stranger.requests, ["/cacerts"]);
    assert.ok((await machine.calls()).includes("systemctl enable k3s-agent.service"));
  });

  it("tells why when no control plane answers, after a bounded time", async () => {
    const { url } = await site();
    const cluster = { controlPlanes: [{ name: "master-1", address: "127.201.7.3" }] };
    const machine = await machineFor({ cluster }, { url });
    assert.equal((await machine.boot()).code, 1);
    assert.match(
      (await machine.log()).at(-1) ?? "",
      /^failed in phase cluster: this cluster answers nowhere, .*: 127\.201\.7\.3 api\.dev\.example\.org\. .* is port 6443 open/,
    );
    assert.equal((await machine.calls()).filter((call) => call === "sleep 10").length, 89);
    assert.equal(await machine.read("/started"), undefined);
  });

  it("keeps an agent in its cluster when no control plane answers at a later boot", async () => {
    const { url } = await site();
    const server = await controlPlane("127.201.7.4", authority);
    const machine = await machineFor(
      { cluster: { controlPlanes: [{ name: "master-1", address: server.address }] } },
      { url },
    );
    await machine.boot();
    await server.close();
    const before = await machine.everything();
    assert.equal((await machine.boot()).code, 0);
    assert.deepEqual(await machine.everything(), before);
  });

  for (const count of [3, 5]) {
    it(`lets ${count} control planes join in any order: the first begins only when nobody answers, the others never begin`, async () => {
      const { url } = await site();
      const controlPlanes = Array.from({ length: count }, (_, index) => ({
        name: `master-${index + 1}`,
        address: `127.201.8.${index + 1}`,
      }));
      const wish = (name: string): Wish => ({ role: "control-plane", name, cluster: { controlPlanes } });

      const early = await machineFor(wish("master-2"), { url });
      assert.equal((await early.boot()).code, 1);
      assert.equal(await early.read(nodePaths.membership), undefined);

      const first = await machineFor(wish("master-1"), { url });
      assert.equal((await first.boot()).code, 0);
      assert.equal(await first.read(nodePaths.membership), "cluster-init: true\n");
      await answering("127.201.8.1");

      assert.equal((await early.boot()).code, 0);
      assert.equal(await early.read(nodePaths.membership), "server: https://127.201.8.1:6443\n");
      await answering("127.201.8.2");

      // The first one is replaced by a new machine: it is not special any more.
      await opened.splice(1, 1)[0]?.close();
      const replaced = await machineFor(wish("master-1"), { url });
      assert.equal((await replaced.boot()).code, 0);
      assert.equal(await replaced.read(nodePaths.membership), "server: https://127.201.8.2:6443\n");
    });
  }

  it("never lets a control plane begin a second cluster that has found the first one", async () => {
    const { url } = await site();
    const controlPlanes = [1, 2, 3].map((index) => ({
      name: `master-${index}`,
      address: `127.201.9.${index}`,
    }));
    const machine = await machineFor({ role: "control-plane", cluster: { controlPlanes } }, { url });
    const peer = await controlPlane("127.201.9.2", authority);
    await machine.boot();
    await peer.close();
    await machine.boot();
    assert.equal(await machine.read(nodePaths.membership), "server: https://127.201.9.2:6443\n");
  });

  it("lets a first control plane that is created anew wait for the others, and never begin a second cluster", async () => {
    const { url } = await site();
    const controlPlanes = [1, 2, 3].map((index) => ({
      name: `master-${index}`,
      address: `127.201.10.${index}`,
    }));
    const wish: Wish = { role: "control-plane", replace: ["master-1"] };
    const machine = await machineFor({ ...wish, cluster: { controlPlanes } }, { url });
    assert.equal((await machine.boot()).code, 1);
    assert.equal(await machine.read(nodePaths.membership), undefined);
    assert.match((await machine.log()).at(-1) ?? "", /^failed in phase cluster: .* listed under replace/);
    assert.equal((await machine.calls()).filter((call) => call === "sleep 10").length, 89);
    await answering("127.201.10.3");
    assert.equal((await machine.boot()).code, 0);
    assert.equal(await machine.read(nodePaths.membership), "server: https://127.201.10.3:6443\n");
  });

  it("lets a stack's only control plane begin when it is created anew, since it has nobody to wait for", async () => {
    const { url } = await site();
    const machine = await machineFor({ ...alone, replace: ["master-1"] }, { url });
    assert.equal((await machine.boot()).code, 0);
    assert.equal(await machine.read(nodePaths.membership), "cluster-init: true\n");
  });

  it("asks nobody once the control plane is a member of etcd", async () => {
    const { url } = await site();
    const machine = await machineFor(alone, { url });
    await machine.write("/var/lib/rancher/k3s/server/db/etcd/member", "");
    assert.equal((await machine.boot()).code, 0);
    assert.equal(await machine.read(nodePaths.membership), undefined);
  });
});
