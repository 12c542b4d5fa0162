/**
 * `make bench`: how long a stack takes, beside what the engine and the API server need at the least.
 *
 * Everything is measured in one run on one machine, alternately, so that the ratios hold when the machine's speed drifts.
 * `BENCH_RUNS` sets how often (5), `BENCH_STACK` which stacks (local,dev5,hc1); `hundred` is a hundred nodes over four clouds.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { table } from "../rehearsal/report/table.ts";
import { openTerminal } from "../rehearsal/terminal.ts";
import { measureFloor } from "./floor.ts";
import { measureKubectl } from "./kubectl.ts";
import { measureProgram } from "./program.ts";
import { measureStack, type StackFigures } from "./stack.ts";
import { median, type Seconds } from "./statistics.ts";
import { subjects, type Subject } from "./subjects.ts";

const runs = Number(process.env.BENCH_RUNS ?? 5);
const names = (process.env.BENCH_STACK ?? "local,dev5,hc1").split(",");
const terminal = openTerminal();

const folder = await mkdtemp(join(tmpdir(), "uap-bench-"));
process.env.UAP_REHEARSAL = folder;
try {
  for (const subject of subjects(names)) print(subject, await measure(subject));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** All that is measured of one subject, run by run. */
interface Measured {
  readonly program: readonly Seconds[];
  readonly stacks: readonly StackFigures[];
  readonly floors: readonly Seconds[];
  readonly applies: readonly (Seconds | undefined)[];
}

async function measure(subject: Subject): Promise<Measured> {
  const program: Seconds[] = [];
  const stacks: StackFigures[] = [];
  const floors: Seconds[] = [];
  const applies: (Seconds | undefined)[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const task = terminal.task(`${subject.name} ${run}/${runs}`);
    task.update("program");
    program.push(await measureProgram(subject));
    task.update("preview, up, no-op up, destroy");
    const figures = await measureStack(subject);
    stacks.push(figures);
    task.update("the engine's floor");
    floors.push(await measureFloor(figures.resources));
    task.update("kubectl apply");
    applies.push(await measureKubectl(figures.objects));
    task.done(`up ${figures.up.toFixed(1)} s`);
  }
  return { program, stacks, floors, applies };
}

function print({ name }: Subject, { program, stacks, floors, applies }: Measured): void {
  const floor = median(floors);
  const apply = applies.every((seconds) => seconds !== undefined) ? median(applies) : undefined;
  const row = (what: string, seconds: readonly Seconds[]) => {
    const middle = median(seconds);
    const ratio = (other: Seconds | undefined) =>
      other === undefined ? "–" : `${(middle / other).toFixed(1)} ×`;
    return [
      what,
      middle.toFixed(2),
      `${Math.min(...seconds).toFixed(2)} – ${Math.max(...seconds).toFixed(2)}`,
      ratio(floor),
      ratio(apply),
    ];
  };
  const of = (part: "preview" | "up" | "unchanged" | "destroy") => stacks.map((figures) => figures[part]);
  const optional = (what: string, part: "kubernetes" | "nodesReady") => {
    const seconds = stacks.flatMap((figures) => figures[part] ?? []);
    return seconds.length === 0 ? [] : [row(what, seconds)];
  };
  const [first] = stacks;
  terminal.print(
    table(
      terminal,
      `${name}: ${first?.resources ?? 0} resources, ${first?.objects.length ?? 0} objects, median of ${runs} runs, seconds`,
      [
        { heading: "what" },
        { heading: "median", align: "right" },
        { heading: "min – max", align: "right" },
        { heading: "of the floor", align: "right" },
        { heading: "of kubectl", align: "right" },
      ],
      [
        row("program (mocks, process and all)", program),
        ...optional("Kubernetes ready", "kubernetes"),
        ...optional("from nothing to all nodes ready", "nodesReady"),
        row("preview", of("preview")),
        row("up", of("up")),
        row("up without changes", of("unchanged")),
        row("destroy", of("destroy")),
        row("the engine's floor: up of as many components", floors),
        ...(apply === undefined
          ? []
          : [row("kubectl apply --server-side of the same objects", applies.map(Number))]),
      ],
    ),
  );
  const memory = median(stacks.map((figures) => figures.memory));
  terminal.print(`\n  Memory of the embedded Kubernetes: ${Math.round(memory / 2 ** 20)} MiB`);
  if (apply === undefined) terminal.print("  kubectl is not on PATH: that row is left out.");
}
