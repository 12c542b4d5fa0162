import type { OutputMap } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import type { Terminal } from "../terminal.ts";
import { costSchema } from "./cost-table.ts";
import { readableBytes, readableCpu, readableShare } from "./quantities.ts";
import { table } from "./table.ts";

const share = z.object({ requested: z.number(), allocatable: z.number() });

const outputsSchema = z.object({
  urls: z.record(z.string(), z.string()).default({}),
  fit: z
    .object({
      nodes: z.number(),
      cpu: share,
      memory: share,
      storage: share,
      biggest: z.array(z.object({ system: z.string(), milliCpu: z.number(), memory: z.number() })),
    })
    .optional(),
  cost: costSchema.optional(),
});

/** The stack's outputs as far as a report shows them: no secrets. */
export type StackOutputs = z.output<typeof outputsSchema>;

/** Takes what is shown from the outputs that the engine keeps. */
export function shownOutputs(outputs: OutputMap): StackOutputs {
  const clear = Object.entries(outputs).flatMap(([name, { value, secret }]) =>
    secret ? [] : [[name, value] as const],
  );
  return outputsSchema.parse(Object.fromEntries(clear));
}

type Styler = Pick<Terminal, "style">;

/** What the systems ask for beside what the nodes offer. */
export function fitTable(terminal: Styler, { fit }: StackOutputs): string {
  if (!fit) return "";
  const biggest = fit.biggest.map(({ system }) => system).join(", ");
  const row = (name: string, value: z.output<typeof share>, readable: (amount: number) => string) => [
    name,
    readable(value.requested),
    readable(value.allocatable),
    readableShare(value.requested, value.allocatable),
  ];
  return (
    table(
      terminal,
      `Fit on ${fit.nodes} nodes`,
      [
        { heading: "resource" },
        { heading: "asked for", align: "right" },
        { heading: "offered", align: "right" },
        { heading: "used", align: "right" },
      ],
      [
        row("cpu", fit.cpu, readableCpu),
        row("memory", fit.memory, readableBytes),
        row("storage", fit.storage, readableBytes),
      ],
    ) + (biggest === "" ? "" : `\n  ${terminal.style("dim", `biggest: ${biggest}`)}`)
  );
}
