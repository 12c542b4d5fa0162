/** What one node offers to pods. */
export interface NodeSize {
  readonly name: string;
  /** Thousandths of a core. */
  readonly milliCpu: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes of disk that volumes may use. */
  readonly disk: number;
  /** Whether k3s' server with etcd runs there too, which takes more than its agent. @default false */
  readonly isControlPlane?: boolean;
  /** Whether a taint keeps pods away; DaemonSets, which tolerate taints, run there all the same. @default false */
  readonly isTainted?: boolean;
}

/** What one system asks for. */
export interface Demand {
  readonly system: string;
  /** Thousandths of a core. */
  readonly milliCpu: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes of persistent volumes. */
  readonly storage: number;
  /** What it asks of every node besides, as DaemonSets do. */
  readonly perNode: { readonly milliCpu: number; readonly memory: number };
}

/** One resource of the whole cluster: what is asked for beside what there is. */
export interface Share {
  readonly requested: number;
  readonly allocatable: number;
}

/** Whether the systems fit on the nodes, and what takes most. */
export interface Fit {
  readonly nodes: number;
  readonly cpu: Share;
  readonly memory: Share;
  readonly storage: Share;
  /** The systems that ask for most memory, biggest first; at most five. */
  readonly biggest: readonly {
    readonly system: string;
    readonly milliCpu: number;
    readonly memory: number;
  }[];
  /** A sentence per resource that is not enough; empty when all fits. */
  readonly shortages: readonly string[];
}

/**
 * What a node keeps for itself: the operating system, the kubelet and k3s' agent. k3s' own sizing guide measures 275 MiB and
 * 0.05 cores for an agent without load; the rest is room for the system's daemons.
 */
const reservedOnAgent = { milliCpu: 100, memory: 384 * 2 ** 20 };

/** The same where the API and etcd run: the guide measures 1596 MiB and 0.12 cores for a server with a workload. */
const reservedOnServer = { milliCpu: 250, memory: 1792 * 2 ** 20 };

/** Share of a disk that volumes may fill: the kubelet evicts pods from 85 % on. */
const usableDisk = 0.8;

const biggestShown = 5;

/**
 * Adds up what the systems ask for and holds it against what the nodes offer.
 *
 * Tainted nodes offer nothing to pods, and what DaemonSets ask for there is not part of the sums; but on every node, tainted or
 * not, there must be room for the DaemonSets.
 */
export function fit(nodes: readonly NodeSize[], demands: readonly Demand[]): Fit {
  const open = nodes.filter((node) => !node.isTainted);
  const totals = demands.map((demand) => demandOnCluster(demand, open.length));
  const cpu = {
    requested: sum(totals, (total) => total.milliCpu),
    allocatable: sum(open, (node) => room(node).milliCpu),
  };
  const memory = {
    requested: sum(totals, (total) => total.memory),
    allocatable: sum(open, (node) => room(node).memory),
  };
  const storage = {
    requested: sum(totals, (total) => total.storage),
    allocatable: Math.floor(sum(open, (node) => node.disk) * usableDisk),
  };
  return {
    nodes: nodes.length,
    cpu,
    memory,
    storage,
    biggest: totals
      .filter((total) => total.memory > 0 || total.milliCpu > 0)
      .sort((a, b) => b.memory - a.memory || a.system.localeCompare(b.system))
      .slice(0, biggestShown)
      .map(({ system, milliCpu, memory: bytes }) => ({ system, milliCpu, memory: bytes })),
    shortages: [
      ...shortage("CPU", cpu, (milliCpu) => `${milliCpu / 1000} cores`),
      ...shortage("memory", memory, gibibytes),
      ...shortage("disk", storage, gibibytes),
      ...shortageOfDaemons(nodes, demands),
    ],
  };
}

function demandOnCluster(demand: Demand, nodes: number): Omit<Demand, "perNode"> {
  return {
    system: demand.system,
    milliCpu: demand.milliCpu + demand.perNode.milliCpu * nodes,
    memory: demand.memory + demand.perNode.memory * nodes,
    storage: demand.storage,
  };
}

function shortage(resource: string, share: Share, readable: (value: number) => string): string[] {
  if (share.requested <= share.allocatable) return [];
  const missing = readable(share.requested - share.allocatable);
  return [
    `${resource} is short by ${missing}: the systems ask for ${readable(share.requested)}, ` +
      `the nodes offer ${readable(share.allocatable)}`,
  ];
}

/** What a node offers to pods after its own needs. */
function room(node: NodeSize): Demand["perNode"] {
  const reserved = node.isControlPlane ? reservedOnServer : reservedOnAgent;
  return {
    milliCpu: Math.max(0, node.milliCpu - reserved.milliCpu),
    memory: Math.max(0, node.memory - reserved.memory),
  };
}

/** Nodes that are too small for the DaemonSets alone, which the sums over the cluster do not show. */
function shortageOfDaemons(nodes: readonly NodeSize[], demands: readonly Demand[]): string[] {
  const milliCpu = sum(demands, ({ perNode }) => perNode.milliCpu);
  const memory = sum(demands, ({ perNode }) => perNode.memory);
  const small = nodes.filter((node) => room(node).milliCpu < milliCpu || room(node).memory < memory);
  if (small.length === 0) return [];
  return [
    `the systems' DaemonSets ask for ${milliCpu / 1000} cores and ${gibibytes(memory)} on each node, ` +
      `more than is left on ${small.map(({ name }) => name).join(", ")}`,
  ];
}

function gibibytes(bytes: number): string {
  return `${Math.round((bytes / 2 ** 30) * 10) / 10} GiB`;
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
