import type { Terminal } from "../terminal.ts";
import type { ClusterView, NodeView, PodView } from "./cluster-view.ts";
import { readableBytes, readableCpu, readableShare } from "./quantities.ts";
import { table } from "./table.ts";

type Styler = Pick<Terminal, "style">;

/** The nodes, with what is asked of each. */
export function nodesTable(terminal: Styler, view: ClusterView): string {
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
    view.nodes.map((node) => nodeRow(terminal, node)),
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

/** The platform's pods, grouped by system: how many run, and for those that do not the reason. */
export function podsTable(terminal: Styler, view: ClusterView): string {
  const systems = Map.groupBy(
    view.pods.filter((pod) => pod.system !== ""),
    (pod) => pod.system,
  );
  return table(
    terminal,
    "Pods",
    [
      { heading: "system" },
      { heading: "namespace" },
      { heading: "running", align: "right" },
      { heading: "waiting for" },
    ],
    [...systems]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([system, pods]) => podsRow(terminal, system, pods)),
  );
}

function podsRow(terminal: Styler, system: string, pods: readonly PodView[]): string[] {
  const wanted = pods.filter((pod) => pod.state !== "succeeded");
  const running = wanted.filter((pod) => pod.state === "running");
  const waiting = wanted.find((pod) => pod.state !== "running");
  const count = `${running.length}/${wanted.length}`;
  return [
    system,
    [...new Set(pods.map((pod) => pod.namespace))].join(", "),
    waiting ? terminal.style("yellow", count) : terminal.style("green", count),
    waiting ? `${waiting.name}: ${waiting.reason}` : "",
  ];
}
