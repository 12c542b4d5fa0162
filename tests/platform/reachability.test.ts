import assert from "node:assert/strict";
import { lockedCharts, type ChartName, type LockedChart } from "../../platform/charts/lock.ts";
import { cephDashboardPort } from "../../platform/storage/rook-ceph/cluster.ts";
import { chartNetworks } from "../support/chart-networks.ts";
import { clusterModel, type ClusterModel } from "../support/cluster-model.ts";
import { runProgram, runSimulated } from "../support/mock-engine.ts";
import { everyConfiguration, farNodes, ownIngress, savedElsewhere } from "../support/programs.ts";
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
    const more = [ownIngress, farNodes, savedElsewhere];
    for (const { config, stack, where } of [...(await everyConfiguration(["large"])), ...more]) {
      const { resources } = await runProgram(stack, config);
      const simulated = await runSimulated(stack, config);
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

describe("what is written by hand of the charts' ports", () => {
  it("has the names and numbers that the charts' own containers and Services have", () => {
    const written = (Object.keys(chartNetworks) as ChartName[]).flatMap((chart) =>
      Object.values(chartNetworks[chart]?.ports ?? {}).flatMap((ports) =>
        Object.entries(ports).map(([name, number]) => ({ chart, port: `${name} ${number}` })),
      ),
    );
    const wrong = written
      .filter(({ chart, port }) => !recordedPorts(chart).has(port) && !unrecorded[chart]?.includes(port))
      .map(({ chart, port }) => `${chart}: ${port}`);
    assert.deepEqual(wrong, []);
    for (const [chart, ports] of Object.entries(unrecorded))
      for (const port of ports)
        assert.ok(
          written.some((one) => one.chart === chart && one.port === port),
          `${chart}: ${port}`,
        );
  });
});

/** The ports of a chart's containers and Services, whichever has them, as `<name> <number>`. */
function recordedPorts(chart: ChartName): ReadonlySet<string> {
  const { services, workloads }: LockedChart = lockedCharts[chart];
  const containers = Object.values(workloads).flatMap((workload) => workload.containers);
  return new Set([
    ...containers.flatMap(({ ports }) => ports.map((port) => `${port.name} ${port.containerPort}`)),
    ...Object.values(services).flatMap(({ ports }) => ports.map((port) => `${port.name} ${port.port}`)),
  ]);
}

/** Ports of pods that an operator makes, by its sources. */
const unrecorded: Readonly<Partial<Record<ChartName, readonly string[]>>> = {
  "kube-prometheus-stack": ["mesh-tcp 9094"],
  "rook-ceph": [
    "http-metrics 9283",
    `dashboard ${cephDashboardPort}`,
    "ceph-exporter-http-metrics 9926",
    "tcp-msgr1 6789",
    "tcp-msgr2 3300",
    "osd 6800",
    "mds 6801",
  ],
};

/** The charts whose webhooks the values switch off. */
const withoutWebhooks = ["kube-prometheus-stack", "openbao"];
