import { destroy, preview, up, type OperationOptions } from "../engine/operation.ts";
import { changesOf, isUpToDate, resourceOf, type Journal } from "../engine/journal.ts";
import { faultShare, isStrike, strike } from "../engine/fault.ts";
import { messageOf, UserError } from "../errors.ts";
import { summarizeChanges } from "../report/changes.ts";
import { layerProgress } from "../report/timings.ts";
import { policyPack } from "../folders.ts";
import type { Session } from "../session/session.ts";

/** Plans the update and holds it against the policies; nothing is changed. */
export async function planUpdate(session: Session): Promise<Journal> {
  const plan = await operate(
    session,
    "preview",
    (options) => preview(session.stack, { ...options, policyPacks: [policyPack] }),
    (journal) =>
      `${isUpToDate(journal) ? "nothing to change" : summarizeChanges(journal, "planned")} · ${policyResult(journal)}`,
  );
  for (const { text } of plan.remarks) session.options.terminal.print(`    ${text}`);
  return plan;
}

/** Carries a plan out, with a line for every layer that is complete. */
export async function applyUpdate(session: Session, plan: Journal): Promise<Journal> {
  const finished = new Set<string>();
  const fault = new PlannedFault(session, plan);
  return operate(
    session,
    "up",
    (options) => up(session.stack, { ...options, policyPacks: [policyPack] }),
    (journal) => summarizeChanges(journal, "done"),
    (journal) => {
      fault.observe(journal);
      for (const { layer, done, total, seconds } of layerProgress(plan, journal)) {
        if (done < total || finished.has(layer)) continue;
        finished.add(layer);
        const { terminal } = session.options;
        terminal.print(
          `    ${layer.padEnd(12)}${total} done  ${terminal.style("dim", `${seconds.toFixed(1)} s`)}`,
        );
      }
    },
  );
}

/** The fault that the user asked for, waiting for its moment. */
class PlannedFault {
  readonly #session: Session;
  readonly #steps: number;
  #struck = false;

  constructor(session: Session, plan: Journal) {
    this.#session = session;
    this.#steps = changesOf(plan).length;
  }

  observe(journal: Journal): void {
    const { options, cluster } = this.#session;
    const { fault } = options;
    if (this.#struck || !isStrike(fault)) return;
    const done = changesOf(journal).filter(({ ended }) => ended !== undefined).length;
    if (done < this.#steps * faultShare) return;
    this.#struck = true;
    options.terminal.print(
      `    ${options.terminal.style("yellow", fault)} after ${done} of ${this.#steps} steps`,
    );
    strike(fault, cluster).catch((error: unknown) => {
      options.terminal.print(`    ${messageOf(error)}`);
    });
  }
}

/** Deletes everything of the stack. */
export async function deleteAll(session: Session): Promise<Journal> {
  return operate(
    session,
    "down",
    (options) => destroy(session.stack, options),
    (journal) => summarizeChanges(journal, "done"),
  );
}

async function operate(
  session: Session,
  name: string,
  run: (options: OperationOptions) => Promise<Journal>,
  summarize: (journal: Journal) => string,
  onProgress: (journal: Journal) => void = () => undefined,
): Promise<Journal> {
  const { terminal, signal } = session.options;
  const task = terminal.task(name);
  try {
    const journal = await session.stopwatch.time(name, () =>
      run({
        signal,
        onProgress: (current) => {
          task.update(atWork(current));
          onProgress(current);
        },
      }),
    );
    task.done(summarize(journal));
    return journal;
  } catch (error) {
    task.failed(signal.aborted ? "interrupted" : "failed");
    throw withObstacles(error, session);
  }
}

/** When the wait for the nodes was in vain, adds what the machines would tell whoever logs in. */
function withObstacles(error: unknown, { cluster }: Session): unknown {
  const obstacles = [...cluster.obstacles()].map(([name, reason]) => `  ${name} ${reason}`);
  const isWait = error instanceof UserError && error.message.includes("The cluster is not ready after");
  if (!isWait || obstacles.length === 0) return error;
  return new UserError(
    [error.message, "", "Machines that are no nodes of the cluster:", ...obstacles].join("\n"),
  );
}

/** What the engine works on right now: the oldest steps that have not ended. */
function atWork(journal: Journal): string {
  const steps = changesOf(journal);
  const open = steps.filter(({ ended }) => ended === undefined).map(({ urn }) => resourceOf(urn));
  const names = open.map(({ kind, name }) => `${kind} ${name}`);
  return `${steps.length - open.length} done · ${names.slice(0, 2).join(", ")}${names.length > 2 ? ", …" : ""}`;
}

function policyResult(journal: Journal): string {
  const packs = Object.keys(journal.policyPacks).length;
  const warnings = journal.violations.length;
  if (packs === 0) return "policies not checked";
  return warnings === 0 ? "policies kept" : `${warnings} policy ${warnings === 1 ? "warning" : "warnings"}`;
}
