import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { ToolEvent } from "../../../rehearsal/toolchain/progress.ts";
import type { Settings } from "../../../rehearsal/toolchain/settings.ts";

/** A port that nothing listens on: connections are refused at once, as without a network. */
export const NO_NETWORK = "http://127.0.0.1:1";

/** A temporary folder with everything that obtaining tools touches: a cache, a PATH, Go modules. */
export class Workbench {
  readonly folder: string;
  readonly events: ToolEvent[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Workbench> {
    const workbench = new Workbench(await mkdtemp(join(tmpdir(), "uap-toolchain-")));
    await mkdir(workbench.binaries);
    for (const module of ["pulumi", "etcd", "kubernetes", "kwok"]) {
      await mkdir(join(workbench.modules, module), { recursive: true });
    }
    return workbench;
  }

  get binaries(): string {
    return join(this.folder, "bin");
  }

  get modules(): string {
    return join(this.folder, "modules");
  }

  /** Settings with no network, and a PATH that holds what `program` wrote. */
  settings(changes: Partial<Settings> = {}): Settings {
    return {
      cacheFolder: join(this.folder, "cache"),
      report: (event) => this.events.push(event),
      signal: new AbortController().signal,
      platform: { system: "linux", architecture: "amd64" },
      sites: sitesAt(NO_NETWORK),
      modulesFolder: this.modules,
      searchPath: this.binaries,
      patience: { connect: 2_000, silence: 2_000, version: 10_000, goVersion: 10_000 },
      ...changes,
    };
  }

  /** Puts a shell script on the PATH. */
  async program(name: string, script: string): Promise<string> {
    const path = join(this.binaries, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return path;
  }

  /**
   * Puts a `go` on the PATH whose `build` writes a shell script that tells the right version in place of the program. Each
   * build adds its arguments as a line to the file `builds`.
   *
   * @param options.before shell commands to run at the start of a build.
   */
  async fakeGo(options: { version?: string; before?: string } = {}): Promise<void> {
    await this.program(
      "go",
      `if [ "$1" = version ]; then echo "go version go${options.version ?? "1.26.8"} linux/amd64"; exit; fi
      echo "$@" >> "${join(this.folder, "builds")}"
      ${options.before ?? ""}
      while [ "$1" != -o ]; do shift; done
      case "$2" in
        */kwok) version="kwok version v0.8.0 go1.26.8 (linux/amd64)" ;;
        */kube-*) version="Kubernetes v1.36.4" ;;
      esac
      printf '#!/bin/sh\\necho "%s"\\n' "$version" > "$2"
      chmod +x "$2"`,
    );
  }

  /** The arguments of each build by `fakeGo`. */
  async builds(): Promise<string[]> {
    const lines = await readFile(join(this.folder, "builds"), "utf8").catch(() => "");
    return lines.split("\n").filter((line) => line !== "");
  }

  /** The states that were reported, each run of equal ones as one. */
  get states(): string[] {
    return this.events.map((event) => event.state).filter((state, index, all) => state !== all[index - 1]);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** All vendors at one address. */
export function sitesAt(origin: string): Settings["sites"] {
  return { pulumi: origin, kubernetes: origin, github: origin, githubApi: origin };
}

/** Waits until a condition holds; mocha's time limit ends a wait in vain. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(20);
}

/** Whether a process is there and is more than an entry that nobody has waited for yet. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return !status.includes(") Z ");
}
