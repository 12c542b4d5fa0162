import { access, constants, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { lock } from "proper-lockfile";

import { messageOf, UserError } from "../../errors.ts";
import { readIfPresent, writePrivateFile } from "../private-file.ts";
import { identify, isAlive, type ProcessIdentity } from "./process-table.ts";

/** What stands in a claimed folder's record. */
interface ClaimRecord {
  readonly owner: ProcessIdentity;
  /** The processes that the owner started. */
  readonly children: readonly ProcessIdentity[];
}

/**
 * A folder that this process alone works in, and the record of the processes that it started there.
 *
 * The record outlives a process that is killed; whoever claims the folder next ends what is left of it.
 */
export class FolderClaim {
  readonly #file: string;
  readonly #owner: ProcessIdentity;
  #children: readonly ProcessIdentity[] = [];
  #written: Promise<void> = Promise.resolve();

  private constructor(file: string, owner: ProcessIdentity) {
    this.#file = file;
    this.#owner = owner;
  }

  /**
   * Claims a folder, making it when there is none, and ends what a killed owner left running.
   *
   * @param purpose what the folder is claimed for, for the error, for example `The cluster "local"`
   * @throws UserError naming the process that holds the folder, or saying why the folder is of no use.
   */
  static async make(folder: string, purpose: string): Promise<FolderClaim> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await access(folder, constants.W_OK);
    } catch (error) {
      throw new UserError(`${purpose} cannot use the folder ${folder}: ${messageOf(error)}`);
    }
    const owner = await identify(process.pid);
    if (owner === undefined) throw new Error("This process cannot find itself in the process table.");
    const claim = new FolderClaim(path.join(folder, "processes.json"), owner);
    // Held for a moment only, so that two who claim an abandoned folder at once do not both get it.
    const release = await lock(folder, {
      lockfilePath: path.join(folder, "claim.lock"),
      stale: 5_000,
      retries: { retries: 100, minTimeout: 20, maxTimeout: 100 },
    });
    try {
      await claim.#takeOver(folder, purpose);
    } finally {
      await release();
    }
    return claim;
  }

  /** Records one more process, which the next owner ends should this one be unable to. */
  async record(pid: number): Promise<void> {
    const child = await identify(pid);
    if (child === undefined) return;
    this.#children = [...this.#children, child];
    // One after the other: processes are started side by side.
    this.#written = this.#written.then(() => this.#write());
    await this.#written;
  }

  /** Gives the folder up, ending every recorded process that still runs. */
  async release(): Promise<void> {
    await Promise.all(this.#children.map(end));
    await rm(this.#file, { force: true });
  }

  async #takeOver(folder: string, purpose: string): Promise<void> {
    const written = await readIfPresent(this.#file);
    const previous = written === undefined ? undefined : (JSON.parse(written) as ClaimRecord);
    if (previous !== undefined && (await isAlive(previous.owner))) {
      throw new UserError(
        `${purpose} is in use by process ${previous.owner.pid} (folder ${folder}): wait for it to end, or end it.`,
      );
    }
    await Promise.all((previous?.children ?? []).map(end));
    await this.#write();
  }

  #write(): Promise<void> {
    const record: ClaimRecord = { owner: this.#owner, children: this.#children };
    return writePrivateFile(this.#file, JSON.stringify(record));
  }
}

/** Kills a process, should it still run, and waits until it is gone. */
async function end(identity: ProcessIdentity): Promise<void> {
  while (await isAlive(identity)) {
    try {
      process.kill(identity.pid, "SIGKILL");
    } catch {
      return; // Gone in the meantime.
    }
    await delay(5);
  }
}
