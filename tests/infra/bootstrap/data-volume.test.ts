import assert from "node:assert/strict";
import { mountedFolder, volumeFolderOf } from "../../../infra/bootstrap/data-volume.ts";
import { canIsolate, Machine } from "./machine.ts";
import { bootstrapOf, namedIdentity, type Wish } from "./nodes.ts";
import { downloadSite, type TestServer } from "./servers.ts";

const folder = "/var/lib/rancher/k3s/storage";

describe("the place of data disks", () => {
  it("is where the system keeps its volumes that has the stack's block volumes, if it wants a file system", () => {
    assert.equal(volumeFolderOf({ block: "local-path", local: "local-path" }), folder);
    assert.equal(volumeFolderOf({ block: "longhorn", local: "local-path" }), "/var/lib/longhorn");
    assert.equal(volumeFolderOf({ block: "rook-ceph-block", local: "local-path" }), undefined);
    assert.equal(volumeFolderOf({}), undefined);
  });

  it("is nowhere on a node without one", () => {
    const cluster = { volumeFolder: folder };
    assert.equal(mountedFolder(bootstrapOf({ cluster })), undefined);
    assert.equal(mountedFolder(bootstrapOf({ cluster, volume: "100Gi" })), folder);
    assert.equal(mountedFolder(bootstrapOf({ volume: "100Gi" })), undefined);
  });
});

describe("the bootstrap script of a node with a data disk", () => {
  let site: TestServer;
  let machine: Machine;

  before(async function () {
    if (!(await canIsolate())) this.skip();
    site = await downloadSite();
  });
  after(() => site.close());
  afterEach(() => machine.remove());

  /** A machine; the disk's contents are its label. */
  async function machineWith(disk: string | undefined, wish: Wish = { volume: "100Gi" }): Promise<Machine> {
    const cluster = { releases: site.url, volumeFolder: folder, ...wish.cluster };
    machine = await Machine.create(bootstrapOf({ role: "control-plane", ...wish, cluster }), namedIdentity());
    if (disk !== undefined) await machine.write("/disk", disk);
    return machine;
  }
  const callsOf = async (...programs: string[]) =>
    (await machine.calls()).filter((call) => programs.some((program) => call.startsWith(`${program} `)));

  it("formats it when it is empty, and mounts it before k3s starts, which waits for it at later boots", async () => {
    await machineWith("");
    const { code, output } = await machine.boot();
    assert.equal(code, 0, output);
    assert.deepEqual(await callsOf("mkfs.ext4", "mount", "systemctl restart"), [
      "mkfs.ext4 -q -m 0 -L uap-data /dev/sdb",
      `mount /dev/sdb ${folder}`,
      "systemctl restart --no-block k3s.service",
    ]);
    assert.match(
      (await machine.read("/etc/fstab")) ?? "",
      new RegExp(`^LABEL=uap-data ${folder} ext4 defaults,nofail,x-systemd.growfs 0 2$`, "m"),
    );
    const unit = await machine.read("/etc/systemd/system/k3s.service");
    assert.match(unit ?? "", new RegExp(`^RequiresMountsFor=${folder}$`, "m"));
  });

  it("changes nothing at the second boot", async () => {
    await machineWith("");
    await machine.boot();
    const before = await machine.everything();
    assert.equal((await machine.boot()).code, 0);
    assert.deepEqual(await machine.everything(), before);
    assert.equal((await callsOf("mkfs.ext4", "mount")).length, 2);
  });

  it("waits for a disk that is attached while it boots", async () => {
    await machineWith(undefined);
    await machine.write("/attached-later", "");
    assert.equal((await machine.boot()).code, 0);
    assert.deepEqual(await callsOf("sleep"), ["sleep 5"]);
    assert.equal(await machine.read("/disk"), "uap-data");
  });

  it("takes the disk of the machine whose place it takes, with its data", async () => {
    await machineWith("uap-data");
    assert.equal((await machine.boot()).code, 0);
    assert.deepEqual(await callsOf("mkfs.ext4", "mount"), [`mount /dev/sdb ${folder}`]);
  });

  it("never formats a disk that holds something else, and says what it waits for", async () => {
    await machineWith("ceph");
    assert.equal((await machine.boot()).code, 1);
    assert.match((await machine.log()).at(-1) ?? "", /^failed in phase volume: no data volume within 5 min/);
    assert.equal((await callsOf("sleep")).length, 59);
    assert.equal(await machine.read("/disk"), "ceph");
    assert.deepEqual(await callsOf("mkfs.ext4", "mount", "systemctl restart"), []);
  });

  it("formats no empty disk once it has had its own, which is gone now", async () => {
    await machineWith("");
    await machine.boot();
    await machine.write("/disk", "");
    assert.equal((await machine.boot()).code, 1);
    assert.equal(await machine.read("/disk"), "");
  });

  it("leaves it raw where no system wants a file system on it", async () => {
    await machineWith("", { volume: "100Gi", cluster: { volumeFolder: undefined } });
    assert.equal((await machine.boot()).code, 0);
    assert.equal(await machine.read("/disk"), "");
    assert.ok(!(await machine.log()).includes("phase volume"));
    assert.doesNotMatch((await machine.read("/etc/systemd/system/k3s.service")) ?? "", /RequiresMountsFor/);
  });
});
