import { rm } from "node:fs/promises";
import type { ClusterNode } from "../../infra/cluster-node.ts";
import type { BootPlan } from "../clouds/boot.ts";
import type { RunningClouds } from "../clouds/index.ts";
import { KubernetesClient } from "../kubernetes/client.ts";
import { startKubernetes, type KubernetesOptions, type RunningKubernetes } from "../kubernetes/index.ts";
import { abandonNode, registerNode } from "../kubernetes/simulated-node.ts";
import { ApiPorts } from "./api-ports.ts";
import { authoritiesOf } from "./authorities.ts";
import { Inventory } from "./inventory.ts";
import { publicAddressOf, type Machine } from "./machine.ts";
import { keepMembers, readMembers } from "./members.ts";
import { nodeOf, traefikOf } from "./node.ts";
import { joinObstacle, planOf } from "./obstacles.ts";

/** What machines boot in. */
export interface FleetOptions {
  readonly name: string;
  readonly clouds: RunningClouds;
  /** Where the cluster that they form keeps its data. */
  readonly folder: string;
  readonly tools: KubernetesOptions["tools"];
  /** The nodes of the configuration. */
  readonly planned: readonly ClusterNode[];
  /** The folder with the files for machines of one's own. */
  readonly seeds: string;
  /** Where the person sits who runs the cluster: an address as the Internet sees it. */
  readonly operator: string;
  readonly signal: AbortSignal;
}

/** A cluster that machines have formed. */
interface Formed {
  readonly plan: BootPlan;
  readonly kubernetes: RunningKubernetes;
  readonly client: KubernetesClient;
  readonly ports: ApiPorts;
  /** The nodes by name, with the machine that each one is. */
  readonly nodes: Map<string, string>;
}

/**
 * The machines of a rehearsal: each boots from its user-data as soon as it is there, begins a cluster or joins one, and is a node
 * until it goes. A machine that cannot join keeps trying, like a real one.
 */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #inventory: Inventory;
  readonly #failed = Promise.withResolvers<Error>();
  #formed: Formed | undefined;
  #obstacles: ReadonlyMap<string, string> = new Map();
  #isStale = false;
  #working: Promise<void> | undefined;
  #stopped = false;
  #failure: Error | undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#inventory = new Inventory(options.planned, options.seeds);
    options.clouds.onChange(() => {
      this.lookAgain();
    });
    this.lookAgain();
  }

  /** The cluster that the machines have formed, when they have. */
  get cluster(): Pick<Formed, "kubernetes" | "client"> | undefined {
    return this.#formed;
  }

  /** How many machines are nodes. */
  get size(): number {
    return this.#formed?.nodes.size ?? 0;
  }

  /** Why machines are no nodes, by their names. */
  get obstacles(): ReadonlyMap<string, string> {
    return this.#obstacles;
  }

  /** Resolves with the reason when the cluster breaks down, or machines cannot be simulated. */
  get failed(): Promise<Error> {
    return this.#failed.promise;
  }

  /** Tells that something has changed for the machines. */
  lookAgain(): void {
    if (this.#stopped) return;
    this.#isStale = true;
    this.#working ??= this.#work();
  }

  /** Resolves when every machine that can be a node is one. @throws Error when they cannot be simulated */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
    if (this.#failure) throw this.#failure;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.settled().catch(() => undefined);
    await this.#leave();
  }

  async #work(): Promise<void> {
    try {
      while (this.#isStale && !this.#stopped) {
        this.#isStale = false;
        await this.#step();
      }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#failed.resolve(this.#failure);
    } finally {
      this.#working = undefined;
    }
  }

  async #step(): Promise<void> {
    const machines = await this.#inventory.machines(this.#options.clouds.state());
    this.#formed ??= await this.#form(machines);
    const formed = this.#formed;
    if (formed && controlPlanesOf(formed, machines).length === 0) {
      await this.#dissolve();
      return;
    }
    if (formed) await this.#bury(formed, machines);
    this.#obstacles = new Map(
      machines.flatMap((machine) => {
        const reason = formed ? this.#obstacleOf(machine, machines, formed) : solitude(machine);
        return reason === undefined ? [] : [[machine.name, reason]];
      }),
    );
    if (!formed) return;
    await this.#admit(formed, machines);
    await keepMembers(this.#options.folder, formed.nodes);
    await formed.ports.keep(controlPlanesOf(formed, machines));
  }

  /** The first server begins the cluster; after a pause, any server that was one of its nodes brings it back with the others. */
  async #form(machines: readonly Machine[]): Promise<Formed | undefined> {
    const { name, folder, tools, clouds, operator, signal } = this.#options;
    const known = await readMembers(folder);
    const returning = machines.filter(
      (machine) => known.get(machine.name) === machine.identity && hasPlan(machine),
    );
    const isResumed = returning.some(isServer);
    const first = isResumed
      ? returning.find(isServer)
      : machines.find((machine) => isServer(machine) && planned(machine).begins);
    if (!first) return undefined;
    // What is there otherwise is left of a cluster whose last control plane went while nobody looked.
    if (!isResumed) await rm(folder, { recursive: true, force: true });
    const plan = planned(first);
    const members = isResumed ? returning : [first];
    const kubernetes = await startKubernetes({
      name,
      folder,
      tools,
      authorities: authoritiesOf(plan),
      names: plan.tlsSans,
      traefik: traefikOf(plan),
      nodes: members.map((member) => nodeOf(member, planned(member))),
      signal,
    });
    void kubernetes.failed.then(this.#failed.resolve);
    return {
      plan,
      kubernetes,
      client: new KubernetesClient(kubernetes.kubeconfig),
      ports: new ApiPorts({ server: kubernetes.server, clouds, operator }),
      nodes: new Map(members.map((member) => [member.name, member.identity])),
    };
  }

  #obstacleOf(machine: Machine, machines: readonly Machine[], formed: Formed): string | undefined {
    if (formed.nodes.get(machine.name) === machine.identity) return undefined;
    const { plan, nodes } = formed;
    const cluster = { plan, controlPlanes: controlPlanesOf(formed, machines), nodes: new Set(nodes.keys()) };
    return joinObstacle(machine, cluster, this.#options.clouds.state());
  }

  /** Nodes whose machine is gone are left without a kubelet. */
  async #bury({ nodes, client }: Formed, machines: readonly Machine[]): Promise<void> {
    const alive = new Set(machines.map(({ identity }) => identity));
    for (const [name, identity] of nodes) {
      if (alive.has(identity)) continue;
      nodes.delete(name);
      await abandonNode(client, name, this.#options.signal);
    }
  }

  /** Machines that can join become nodes, until nobody is left for whom another one opened the way. */
  async #admit(formed: Formed, machines: readonly Machine[]): Promise<void> {
    const { signal } = this.#options;
    const joining = machines.filter(
      (machine) => formed.nodes.get(machine.name) !== machine.identity && !this.#obstacles.has(machine.name),
    );
    await Promise.all(
      joining.map(async (machine) => {
        const node = nodeOf(machine, planned(machine));
        await registerNode(formed.client, { address: publicAddressOf(machine), ...node }, signal);
        formed.nodes.set(machine.name, machine.identity);
      }),
    );
    if (joining.length > 0) this.#isStale = true;
  }

  /** The last control plane is gone, and with it everything that the cluster knew. */
  async #dissolve(): Promise<void> {
    await this.#leave();
    await rm(this.#options.folder, { recursive: true, force: true });
    // Those who could begin another one are there already, perhaps.
    this.#isStale = true;
  }

  async #leave(): Promise<void> {
    const formed = this.#formed;
    this.#formed = undefined;
    await formed?.ports.close();
    await formed?.client.close();
    await formed?.kubernetes.stop();
  }
}

/** Why a machine is no node as long as there is no cluster. */
function solitude(machine: Machine): string {
  const plan = planOf(machine);
  if (typeof plan === "string") return plan;
  return "waits for the first control plane, which has not begun the cluster.";
}

/** The plan of a machine that has one. */
function planned(machine: Machine): BootPlan {
  const plan = planOf(machine);
  if (typeof plan === "string") throw new Error(`${machine.name} ${plan}`);
  return plan;
}

function hasPlan(machine: Machine): boolean {
  return typeof planOf(machine) !== "string";
}

function isServer(machine: Machine): boolean {
  return hasPlan(machine) && planned(machine).role === "server";
}

function controlPlanesOf({ nodes }: Pick<Formed, "nodes">, machines: readonly Machine[]): Machine[] {
  return machines.filter((machine) => nodes.get(machine.name) === machine.identity && isServer(machine));
}
