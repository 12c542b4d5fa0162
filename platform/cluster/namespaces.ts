import * as pulumi from "@pulumi/pulumi";
import type { Demand } from "../../infra/sizing/fit.ts";
import { nodesOf } from "../../infra/sizing/nodes.ts";
import { podSecurityStandards, type PodSecurity } from "../catalogue-row.ts";
import { catalogue, rowOf, type Catalogue, type SystemName } from "../catalogue.ts";
import { demandsOf } from "../demands.ts";
import type { Resources } from "../kit/container.ts";
import { GuardedNamespace, type NamespaceQuota } from "../kit/guarded-namespace.ts";
import type { PlatformConfiguration } from "../layer.ts";

/** The namespaces that the catalogue's systems run in. */
export type NamespaceName = Extract<Catalogue[SystemName], { readonly namespace: string }>["namespace"];

/** Quotas leave room for a rolling update, in which a workload runs twice, and as much again for growth. */
const quotaPerDemand = 3;
/** No namespace is closed tighter than this: one core, 1 GiB, 10 GiB of volumes. */
const smallestQuota = { milliCpu: 1000, memory: 2 ** 30, storage: 10 * 2 ** 30 };
/** As many pods as the kubelet allows one node by default. */
const mostPods = 110;

/** One closed namespace for every group of systems that is switched on, its quota sized by what they ask for. */
export class Namespaces extends pulumi.ComponentResource {
  readonly #namespaces: ReadonlyMap<string, GuardedNamespace>;

  constructor(configuration: PlatformConfiguration, options: pulumi.ComponentResourceOptions) {
    super("uap:cluster:Namespaces", "namespaces", {}, options);
    const groups = Map.groupBy(demandsOf(configuration), namespaceOf);
    const nodes = nodesOf(configuration).length;
    this.#namespaces = new Map(
      [...groups].flatMap(([name, demands]) =>
        name === undefined
          ? []
          : [
              [
                name,
                new GuardedNamespace(
                  {
                    name,
                    quota: quotaFor(demands, nodes),
                    podSecurity: podSecurityFor(demands),
                    containers: containersFor(demands),
                  },
                  { parent: this },
                ),
              ],
            ],
      ),
    );
    this.registerOutputs();
  }

  /** The namespace's name as an output: whoever uses it waits until the namespace exists. */
  nameOf(namespace: NamespaceName): pulumi.Output<string> {
    const found = this.#namespaces.get(namespace);
    if (!found) throw new Error(`No system that is switched on declares the namespace ${namespace}.`);
    return found.name;
  }
}

function namespaceOf(demand: Demand): string | undefined {
  const row = catalogue[demand.system as SystemName];
  return "namespace" in row ? row.namespace : undefined;
}

/** The weakest standard that a system of the namespace asks for. */
function podSecurityFor(demands: readonly Demand[]): PodSecurity {
  const asked = demands.map(({ system }) => {
    const row = rowOf(system as SystemName);
    return row.planned ? "restricted" : (row.podSecurity ?? "restricted");
  });
  return podSecurityStandards.findLast((standard) => asked.includes(standard)) ?? "restricted";
}

/** What a container of the namespace gets that says nothing, where one of its systems decides that. */
function containersFor(demands: readonly Demand[]): Resources | undefined {
  return demands
    .map(({ system }) => rowOf(system as SystemName))
    .map((row) => (row.planned ? undefined : row.containers))
    .find((containers) => containers !== undefined);
}

/**
 * The quota of a namespace, from what its systems ask for.
 *
 * @param nodes how many there are to run what systems ask for on every node; unimportant to systems that ask for nothing there
 */
export function quotaFor(demands: readonly Demand[], nodes = 1): NamespaceQuota {
  const total = (value: (demand: Demand) => number): number =>
    demands.reduce((sum, demand) => sum + value(demand), 0) * quotaPerDemand;
  const isOnNodes = demands.some(({ perNode }) => perNode.milliCpu > 0 || perNode.memory > 0);
  return {
    milliCpu: Math.max(
      smallestQuota.milliCpu,
      total(({ milliCpu, perNode }) => milliCpu + perNode.milliCpu * nodes),
    ),
    memory: Math.max(
      smallestQuota.memory,
      total(({ memory, perNode }) => memory + perNode.memory * nodes),
    ),
    storage: Math.max(
      smallestQuota.storage,
      total(({ storage }) => storage),
    ),
    pods: isOnNodes ? mostPods * nodes : mostPods,
  };
}
