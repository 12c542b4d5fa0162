import type { Terminal } from "../terminal.ts";
import type { NodeView } from "./node-view.ts";
import { readableBytes, readableCpu, readableShare } from "./quantities.ts";
import { table } from "./table.ts";

type Styler = Pick<Terminal, "style">;

/** The nodes, with what is asked of each. */
export function nodesTable(terminal: Styler, nodes: readonly NodeView[]): string {
  return table(
    terminal,
    "Nodes",
    [
      { heading: "name" },
      { heading: "state" },
      { heading: "role" },
      { heading: "arch" },
      { heading: "cpu", align: "right" },
      { heading: "used", align: "right" },
      { heading: "memory", align: "right" },
      { heading: "used", align: "right" },
      { heading: "pods", align: "right" },
    ],
    nodes.map((node) => nodeRow(terminal, node)),
  );
}

function nodeRow(terminal: Styler, node: NodeView): string[] {
  return [
    node.name,
    node.ready ? terminal.style("green", "ready") : terminal.style("red", "not ready"),
    node.roles,
    node.architecture,
    readableCpu(node.cpu.allocatable),
    readableShare(node.cpu.requested, node.cpu.allocatable),
    readableBytes(node.memory.allocatable),
    readableShare(node.memory.requested, node.memory.allocatable),
    String(node.pods.running),
  ];
}
