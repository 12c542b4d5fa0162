import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, lstat, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { NodeBootstrap } from "../../../infra/bootstrap/node-bootstrap.ts";
import { nodePaths } from "../../../infra/bootstrap/node-bootstrap.ts";
import { nodeFiles } from "../../../infra/bootstrap/node-files.ts";
import { namedIdentity } from "./nodes.ts";

/** What a boot printed and how it ended. */
export interface Boot {
  readonly code: number | null;
  readonly output: string;
}

/**
 * A machine to boot the real script on: a root file system of its own in a mount namespace, with the programs of this machine and
 * stand-ins for those that change the kernel or talk to systemd. Time does not pass: `sleep` returns at once and is counted.
 */
export class Machine {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** A machine with the files that cloud-init puts there. */
  static async create(bootstrap: NodeBootstrap, identity = namedIdentity()): Promise<Machine> {
    const machine = await Machine.bare();
    for (const { path, permissions, contents } of nodeFiles(bootstrap, identity)) {
      await machine.write(path, contents, Number.parseInt(permissions, 8));
    }
    return machine;
  }

  /** A machine that nobody has prepared. */
  static async bare(): Promise<Machine> {
    const machine = new Machine(await mkdtemp(join(tmpdir(), "uap-machine-")));
    for (const [name, program] of Object.entries(standIns)) {
      await machine.write(`/stand-ins/${name}`, `#!/bin/sh\necho "${name} $*" >>/calls\n${program}\n`, 0o755);
    }
    await machine.write("/etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n/swapfile none swap sw 0 0\n");
    await machine.write("/etc/nsswitch.conf", "hosts: files\n");
    for (const folder of ["usr", "dev", "proc", "tmp", "etc/alternatives", "usr-local/bin", "var/log"]) {
      await mkdir(join(machine.#root, folder), { recursive: true });
    }
    return machine;
  }

  /** A file's mode as chmod takes it, such as `600`. */
  async mode(path: string): Promise<string> {
    return ((await lstat(join(this.#root, onDisk(path)))).mode & 0o777).toString(8);
  }

  async write(path: string, contents: string, mode = 0o644): Promise<void> {
    const file = join(this.#root, onDisk(path));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
    await chmod(file, mode);
  }

  /** A file's contents; undefined when it does not exist. */
  async read(path: string): Promise<string | undefined> {
    const file = join(this.#root, onDisk(path));
    return existsSync(file) ? readFile(file, "utf8") : undefined;
  }

  /** The commands of systemd, the kernel and time that were given since the machine exists. */
  async calls(): Promise<string[]> {
    return ((await this.read("/calls")) ?? "").split("\n").filter(Boolean);
  }

  /** The phase log, without the times. */
  async log(): Promise<string[]> {
    const lines = ((await this.read(nodePaths.log)) ?? "").split("\n").filter(Boolean);
    return lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /, ""));
  }

  /** Every file and link but the log and the record of calls, with mode, time of change and contents. */
  async everything(): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const name of await readdir(this.#root, { recursive: true })) {
      const path = join(this.#root, name);
      const { mode, mtimeMs } = await lstat(path);
      if (name === "calls" || `/${name}` === nodePaths.log) continue;
      const isFile = (await lstat(path)).isFile();
      // A folder's time tells that something was put there and taken away; only what stays counts.
      found[name] = isFile ? `${mode} ${mtimeMs} ${await readFile(path, "utf8")}` : String(mode);
    }
    return found;
  }

  /** Boots the machine once. */
  boot(options?: { readonly disk?: string }): Promise<Boot> {
    return this.execute(nodePaths.script, options);
  }

  /** Runs a file of the machine. @param disk size of the file system that k3s is installed on, as mount's tmpfs takes it */
  execute(path: string, { disk }: { readonly disk?: string } = {}): Promise<Boot> {
    const mounts = `
      set -e
      for folder in bin sbin lib lib64; do
        [ ! -L /$folder ] || ln -sfn "$(readlink /$folder)" "$1/$folder"
      done
      mount --rbind /usr "$1/usr"
      mount --rbind /dev "$1/dev"
      mount --rbind /proc "$1/proc"
      # Debian's awk is a link to there.
      [ ! -d /etc/alternatives ] || { mkdir -p "$1/etc/alternatives" && mount --bind /etc/alternatives "$1/etc/alternatives"; }
      ${disk === undefined ? 'mount --bind "$1/usr-local" "$1/usr/local"' : `mount -t tmpfs -o size=${disk} none "$1/usr/local" && cp -a "$1/usr-local/." "$1/usr/local"`}
      exec chroot "$1" ${path}`;
    return run("unshare", ["-r", "-m", "sh", "-c", mounts, "sh", this.#root]);
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true });
  }
}

/** Whether this machine lets processes have a root of their own. */
export async function canIsolate(): Promise<boolean> {
  return (await run("unshare", ["-r", "-m", "true"]).catch(() => ({ code: 1 }))).code === 0;
}

/** `/usr/local` is bound from a folder of the machine's own: the rest of `/usr` is this machine's. */
function onDisk(path: string): string {
  return path.replace(/^\/usr\/local\//, "/usr-local/");
}

const standIns: Readonly<Record<string, string>> = {
  swapoff: ":",
  "apt-get": ":",
  modprobe: '[ "$1" != rbd ]',
  sysctl: "[ -r /etc/sysctl.d/90-uap.conf ]",
  // A disk that is attached while the machine boots.
  sleep: "[ ! -e /attached-later ] || mv /attached-later /disk",
  // The file /disk stands for a data disk, and holds its label.
  lsblk: "echo '/dev/vda'; [ ! -e /disk ] || echo '/dev/sdb Volume'",
  blkid: `case "$*" in
    '-L '*) [ "$(cat /disk 2>/dev/null)" = "$2" ] && echo /dev/sdb ;;
    '-p '*) [ -s /disk ] || exit 2 ;;
  esac`,
  "mkfs.ext4": 'printf %s "$5" >/disk',
  mountpoint: "[ -e /run/mounted ]",
  mount: "mkdir -p /run && : >/run/mounted",
  // Active while the file /ufw-active is there.
  ufw: `case "$*" in
    status) if [ -e /ufw-active ]; then echo 'Status: active'; else echo 'Status: inactive'; fi ;;
    '--force disable') rm /ufw-active ;;
  esac`,
  ip: `case "$*" in
    *address*) echo '3: enp7s0    inet 10.20.0.5/32 brd 10.20.0.5 scope global enp7s0' ;;
    *route*) echo '1.1.1.1 via 172.31.1.1 dev eth0 src 203.0.113.7 uid 0' ;;
  esac`,
  systemctl: `case $1 in
    is-active) [ -e "/run/$3" ] ;;
    restart) mkdir -p /run && /usr/local/bin/k3s && : >"/run/$3" ;;
  esac`,
};

function run(command: string, options: readonly string[]): Promise<Boot> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, options, {
      env: { PATH: "/stand-ins:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    }
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, output });
    });
  });
}
