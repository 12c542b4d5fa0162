import { resourceOf, type Journal, type Message, type Violation } from "../engine/journal.ts";
import { viewCluster } from "../report/cluster-view.ts";
import { nodesTable } from "../report/nodes-table.ts";
import { costTable } from "../report/cost-table.ts";
import { fitTable, shownOutputs } from "../report/stack-report.ts";
import { systemsTable } from "../report/systems-table.ts";
import { table } from "../report/table.ts";
import { timingsLine } from "../report/timings.ts";
import { violationsReport, warningsReport } from "../report/remarks.ts";
import { makeCommand } from "../session/make-command.ts";
import type { Session } from "../session/session.ts";

/** What a report says beside the state itself. */
export interface ReportContext {
  readonly violations: readonly Violation[];
  readonly warnings: readonly Message[];
  /** The plan's steps; empty when there was none. */
  readonly steps: Journal["steps"];
  /** Whether this run changed anything; undefined when it did not try. */
  readonly changed: boolean | undefined;
}

/** Shows a person the state of the stack: nodes, systems, fit, cost, timings. */
export async function reportState(session: Session, context: ReportContext): Promise<void> {
  const { options, stack, cluster, stopwatch } = session;
  const { terminal } = options;
  const [view, outputs] = await stopwatch.time("report", () =>
    Promise.all([
      cluster.client ? viewCluster(cluster.client) : undefined,
      stack.outputs().then(shownOutputs),
    ]),
  );
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ ...outputs, cluster: view, changed: context.changed }, undefined, 2)}\n`,
    );
  }
  const upToDate = "\n  Nothing to change: the stack is as its configuration says.";
  const sections = [
    view ? nodesTable(terminal, view.nodes) : "",
    view ? systemsTable(terminal, view.systems, outputs.urls) : "",
    fitTable(terminal, outputs),
    outputs.cost ? costTable(terminal, outputs.cost) : "",
    violationsReport(terminal, context.violations),
    warningsReport(terminal, context.warnings),
    nextSteps(session),
    standInsLine(session, context),
    context.changed === false ? upToDate : "",
    `\n${timingsLine(terminal, stopwatch)}`,
  ];
  for (const section of sections) if (section !== "") terminal.print(section);
}

/** Which of the providers at work are not the official ones; nothing is claimed that was not run. */
function standInsLine({ options, providers }: Session, { steps }: ReportContext): string {
  const used = new Set([...steps.values()].map(({ urn }) => resourceOf(urn).type));
  const names = providers
    .filter(({ name, kind }) => kind === "stand-in" && used.has(`pulumi:providers:${name}`))
    .map(({ name }) => name);
  if (names.length === 0) return "";
  const charts =
    names.includes("kubernetes") &&
    [...steps.values()].some(({ urn }) => resourceOf(urn).type === "uap:kit:Chart")
      ? "\n  Helm charts are simulated: their recorded workloads, which do no work"
      : "";
  return `\n${options.terminal.style("dim", `  Stand-ins for official providers: ${names.join(", ")}${charts}`)}`;
}

/** What a person may want to do now. */
function nextSteps({ cluster, options }: Session): string {
  const { terminal, keep } = options;
  const sleeps = cluster.kind !== "given" && !keep;
  const steps = [
    [makeCommand(options, "credentials"), "prints the generated accounts"],
    ...(sleeps ? [[makeCommand(options, "up KEEP=1"), "keeps the cluster awake, for kubectl"]] : []),
    [makeCommand(options, "down"), "deletes everything"],
  ];
  return table(terminal, "Next", [{ heading: "" }, { heading: "" }], steps);
}
