import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { lock, type LockOptions } from "proper-lockfile";

/** After so many milliseconds without a sign of life from its holder, a lock is taken over. */
const STALE = 5_000;
/** How often a held lock is tried again, in milliseconds. */
const RETRY = 200;

/**
 * Does some work while holding a folder's lock against other processes; waits for the lock as long as it takes.
 *
 * The lock of a killed process is taken over after 5 s. A process that lost its lock so while it was not running (a laptop
 * that slept) abandons its work and waits again.
 *
 * @param waiting called about once a second while another process holds the lock, with the seconds so far.
 * @param work does its work until its signal is aborted.
 * @throws the signal's reason when aborted, what `work` throws, and errors of the file system.
 */
export async function withLock<Result>(
  folder: string,
  signal: AbortSignal,
  waiting: (seconds: number) => void,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const lost = new AbortController();
    const release = await acquire(folder, signal, waiting, () => {
      lost.abort();
    });
    try {
      return await work(AbortSignal.any([signal, lost.signal]));
    } catch (error) {
      if (!lost.signal.aborted || signal.aborted) throw error;
    } finally {
      // A lost lock is not ours to release.
      if (!lost.signal.aborted) await release();
    }
  }
}

async function acquire(
  folder: string,
  signal: AbortSignal,
  waiting: (seconds: number) => void,
  onLost: () => void,
): Promise<() => Promise<void>> {
  const options: LockOptions = {
    lockfilePath: join(folder, ".lock"),
    realpath: false,
    stale: STALE,
    onCompromised: onLost,
  };
  const start = performance.now();
  let reported = -1;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await lock(folder, options);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
    }
    const seconds = Math.floor((performance.now() - start) / 1000);
    if (seconds > reported) waiting((reported = seconds));
    await setTimeout(RETRY);
  }
}
