import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cephStorage } from "../../../platform/storage/rook-ceph/cluster.ts";
import { filesScript } from "../../../platform/storage/rook-ceph/files.ts";

/** `losetup` with one disk, which remembers what it is made of. */
const losetup = `#!/bin/sh
if [ $# -eq 1 ]; then [ -e "$DISKS/made" ]; else echo "$1 $2" >> "$DISKS/made"; fi
`;

describe("the script that makes a disk of a file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "uap-ceph-files-"));
    await writeFile(join(folder, "losetup"), losetup);
    await chmod(join(folder, "losetup"), 0o755);
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Runs it until it would sleep. */
  const make = async (changes: (script: string) => string = (script) => script) => {
    const script = changes(filesScript("1Mi").replace("/var/lib/uap/ceph", folder)).replace(
      "sleep infinity &",
      "exit 0",
    );
    const environment = { PATH: `${folder}:${process.env.PATH ?? ""}`, DISKS: folder };
    const child = spawn("/bin/sh", ["-euc", script], { env: environment, stdio: "ignore" });
    const [code] = (await once(child, "exit")) as [number];
    return code;
  };

  it("takes the file's space at once, and makes the disk that the cluster names", async () => {
    assert.equal(await make(), 0);
    const { blocks, size } = await stat(join(folder, "disk"));
    assert.equal(size, 2 ** 20);
    assert.ok(blocks * 512 >= size);
    const storage = cephStorage({ kind: "files", size: "1Mi" }, 3) as {
      devices: readonly { name: string }[];
    };
    const made = `${storage.devices[0]?.name ?? "?"} ${join(folder, "disk")}\n`;
    assert.equal(await readFile(join(folder, "made"), "utf8"), made);
  });

  it("touches neither the file nor the disk when it runs again", async () => {
    await writeFile(join(folder, "disk"), "data");
    await make();
    assert.equal(await make(), 0);
    assert.equal(await readFile(join(folder, "disk"), "utf8"), "data");
    assert.equal((await readFile(join(folder, "made"), "utf8")).split("\n").length, 2);
  });

  it("makes no disk of a file that there is no room for", async () => {
    assert.notEqual(await make((script) => script.replace("1048576", "1".padEnd(19, "0"))), 0);
    const left = await readdir(folder);
    assert.ok(!left.includes("disk") && !left.includes("made"), left.join(", "));
  });
});
