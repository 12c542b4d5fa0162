import assert from "node:assert/strict";
import { lockedCharts } from "../../platform/charts/lock.ts";
import { chartNetworks } from "../support/chart-networks.ts";
import { clusterModel, type ClusterModel } from "../support/cluster-model.ts";
import { runProgram } from "../support/mock-engine.ts";
import { everyConfiguration, ownIngress } from "../support/programs.ts";
import { blocked, excess, idle, undefended, unneeded } from "../support/reachability.ts";
import { wiringOf, type Wiring } from "../support/wiring.ts";

/**
 * Ways that are open and that nobody asked for: where machines may be called at one end, and may call at the other, so may pods, since a
 * block of addresses has those of pods too. What is called there asks for a certificate or a token.
 */
const accepted: readonly RegExp[] = [
  // The platform's own ingress controller, which leads to whatever an Ingress names.
  /^traefik\/traefik → /,
  // Who may ask the API server, which answers on the same port.
  / → keda\/keda-operator-metrics-apiserver:6443$/,
  // Who may ask kubelets, which answer on the same port.
  /^(monitoring|telegraf)\/.* → cert-manager\/cert-manager-webhook:10250$/,
];

interface Cluster {
  readonly where: string;
  readonly model: ClusterModel;
  readonly wiring: Wiring;
}

describe("the network policies of every stack, and of every system", () => {
  const clusters: Cluster[] = [];
  /** What is wrong anywhere, each line with the stacks that have it. */
  const everywhere = (look: (cluster: Cluster) => readonly string[]) => {
    const found = clusters.flatMap((cluster) =>
      look(cluster).map((line) => ({ line, where: cluster.where })),
    );
    return [...Map.groupBy(found, ({ line }) => line)].map(
      ([line, all]) => `${line}, in ${all.map(({ where }) => where).join("; ")}`,
    );
  };

  before(async function () {
    this.timeout(60_000);
    for (const { config, stack, where } of [...(await everyConfiguration(["large"])), ownIngress]) {
      const { resources } = await runProgram(stack, config);
      const simulated = await runProgram(stack, { ...config, "uap:charts": { source: "facts" } });
      const model = clusterModel(resources, simulated.resources);
      clusters.push({ where, model, wiring: wiringOf(model) });
    }
  });

  it("let through every connection that a manifest speaks of", () => {
    assert.deepEqual(
      everywhere(({ model, wiring }) => blocked(model, wiring.edges)),
      [],
    );
    assert.ok(clusters.every(({ wiring }) => wiring.edges.length > 0));
  });

  it("lead to somebody who answers, wherever a manifest names an address", () => {
    assert.deepEqual(
      everywhere(({ wiring }) => wiring.faults),
      [],
    );
  });

  it("open nothing that no connection goes through", () => {
    assert.deepEqual(
      everywhere(({ model, wiring }) => unneeded(model, wiring.edges)),
      [],
    );
  });

  it("open no way from one namespace to another that nobody asked for", () => {
    const isNew = (line: string) => !accepted.some((known) => known.test(line));
    assert.deepEqual(
      everywhere(({ model, wiring }) => excess(model, wiring.edges).filter(isNew)),
      [],
    );
    for (const known of accepted) {
      const isUsed = ({ model, wiring }: Cluster) =>
        excess(model, wiring.edges).some((line) => known.test(line));
      assert.ok(clusters.some(isUsed), `${String(known)} is not accepted for anything`);
    }
  });

  it("select pods that there are", () => {
    assert.deepEqual(
      everywhere(({ model }) => idle(model)),
      [],
    );
  });

  it("deny everything in both directions where nothing is declared", () => {
    assert.deepEqual(
      everywhere(({ model }) => undefended(model)),
      [],
    );
    assert.ok(clusters.some(({ model }) => Object.keys(model.namespaces).length > 10));
  });

  it("are judged by what is known of every chart, its webhooks among it", () => {
    const charts = new Set(
      clusters.flatMap(({ model }) => model.workloads.flatMap(({ chart }) => chart ?? [])),
    );
    assert.deepEqual(
      [...charts].filter((chart) => !chartNetworks[chart]),
      [],
      "tell tests/support/chart-networks.ts of them",
    );
    const called = (chart: keyof typeof lockedCharts) =>
      Object.keys(chartNetworks[chart]?.fromApiServer ?? {});
    const silent = [...charts].filter(
      (chart) => lockedCharts[chart].webhooks.length > 0 && called(chart).length === 0,
    );
    assert.deepEqual(silent, withoutWebhooks);
  });
});

/** The charts whose webhooks the values switch off. */
const withoutWebhooks = ["kube-prometheus-stack", "openbao"];
