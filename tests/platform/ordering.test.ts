import assert from "node:assert/strict";
import { lockedCharts, type ChartName } from "../../platform/charts/lock.ts";
import { Graph } from "../support/graph.ts";
import { runSimulated, type GraphResource } from "../support/mock-engine.ts";
import type { KubernetesObject } from "../support/objects.ts";
import { everyConfiguration, ownIngress } from "../support/programs.ts";

/** The layers in their order, as the types of components name them; what comes before all of them, first. */
const layers = ["infra", "cluster", "storage", "data", "ml", "chain", "devops"];

/** The group whose kinds a cluster of k3s has from its beginning. */
const ofK3s = "helm.cattle.io";

/** The group whose kinds k3s installs by a Job, minutes after its nodes are ready. */
const ofTraefik = "traefik.io";

/** Groups of Kubernetes itself: those without a dot, and these. */
const ofKubernetes = /(^|\.)k8s\.io$/;

interface Program {
  readonly where: string;
  readonly graph: Graph;
}

describe("what waits for what, in every stack and every system", () => {
  const programs: Program[] = [];
  const everywhere = (look: (graph: Graph) => readonly string[]) => {
    const found = programs.flatMap(({ graph, where }) => look(graph).map((line) => ({ line, where })));
    return [...Map.groupBy(found, ({ line }) => line)].map(
      ([line, all]) => `${line}, in ${all.map(({ where }) => where).join("; ")}`,
    );
  };

  before(async function () {
    this.timeout(60_000);
    for (const { config, stack, where } of [...(await everyConfiguration(["large"])), ownIngress]) {
      // Simulated, since the parts of a chart that Helm renders are not seen here.
      const { resources } = await runSimulated(stack, config);
      programs.push({ where, graph: new Graph(resources) });
    }
  });

  it("goes round in no circle", () => {
    assert.deepEqual(
      everywhere((graph) => graph.circles()),
      [],
    );
  });

  it("puts every custom resource after the definition of its kind", () => {
    assert.deepEqual(everywhere(withoutDefinition), []);
    assert.ok(programs.some(({ graph }) => graph.objects.filter(isCustom).length > 10));
  });

  it("puts every custom resource after all pods of the chart that defines it, its operator and webhook among them", () => {
    assert.deepEqual(everywhere(withoutOperator), []);
  });

  it("puts every object of Traefik's kinds after whoever installs these", () => {
    assert.deepEqual(everywhere(withoutTraefik), []);
    assert.ok(
      programs.some(({ graph }) => graph.objects.some(({ object }) => groupOf(object) === ofTraefik)),
    );
  });

  it("puts every object after its namespace", () => {
    assert.deepEqual(everywhere(withoutNamespace), []);
  });

  it("puts every Ingress after whoever signs for it, its login and its Service", () => {
    assert.deepEqual(everywhere(withoutIssuer), []);
    assert.ok(programs.some(({ graph }) => graph.objects.some(({ object }) => object.kind === "Ingress")));
  });

  it("puts pods after the ConfigMaps, Secrets and claims of the platform that they read", () => {
    assert.deepEqual(everywhere(withoutFiles), []);
  });

  it("lets no layer wait for a later one", () => {
    assert.deepEqual(everywhere(backwards), []);
    const seen = programs.flatMap(({ graph }) => graph.resources.map((one) => layerOf(graph, one)));
    assert.deepEqual(
      ["infra", "cluster", "storage", "data", "devops"].filter((layer) => !seen.includes(layer)),
      [],
    );
  });
});

function groupOf({ apiVersion }: KubernetesObject): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

function isCustom({ object }: { readonly object: KubernetesObject }): boolean {
  const group = groupOf(object);
  return group.includes(".") && !ofKubernetes.test(group) && group !== ofK3s && group !== ofTraefik;
}

/** Objects of Traefik's kinds that wait neither for who defines them nor, in a cluster of the program's own, until k3s has done it. */
function withoutTraefik(graph: Graph): string[] {
  const own = graph.resources.some(({ type }) => type === "uap:infra:K3sCluster");
  const installed = graph.resources.filter(({ name, type }) => type === chartType && name === "traefik");
  const waits = graph.resources.filter(
    ({ inputs, type }) =>
      type === "command:local:Command" && JSON.stringify(inputs).includes('"UAP_TRAEFIK":"true"'),
  );
  // A cluster that runs already has had its Traefik for long.
  if (!own && installed.length === 0) return [];
  return graph.objects
    .filter(({ object }) => groupOf(object) === ofTraefik)
    .filter(({ resource }) => ![...installed, ...waits].some((other) => graph.waitsFor(resource, other)))
    .map(({ resource }) => `${resource.name} does not wait for Traefik`);
}

function withoutDefinition(graph: Graph): string[] {
  const definitions = graph.objects.filter(({ object }) => object.kind === "CustomResourceDefinition");
  return graph.objects.filter(isCustom).flatMap(({ object, resource }) => {
    const definition = definitions.find(({ object: { spec } }) => defines(spec, object));
    if (!definition) return [`${resource.name} is of a kind that nobody defines: ${object.kind}`];
    return graph.waitsFor(resource, definition.resource)
      ? []
      : [`${resource.name} does not wait for ${definition.object.metadata.name}`];
  });
}

function defines(definition: unknown, object: KubernetesObject): boolean {
  const { group, names } = definition as {
    readonly group: string;
    readonly names: { readonly kind: string };
  };
  return group === groupOf(object) && names.kind === object.kind;
}

function withoutOperator(graph: Graph): string[] {
  return graph.objects.filter(isCustom).flatMap(({ object, resource }) => {
    const chart = (Object.keys(lockedCharts) as ChartName[]).find(
      (name) => `${object.apiVersion}/${object.kind}` in lockedCharts[name].kinds && isInstalled(graph, name),
    );
    return graph.resources
      .filter((other) => chart !== undefined && isWorkloadOf(graph, other, chart))
      .filter((workload) => !graph.waitsFor(resource, workload))
      .map((workload) => `${resource.name} does not wait for ${workload.name}`);
  });
}

const chartType = "uap:kit:Chart";

function isInstalled({ resources }: Graph, chart: ChartName): boolean {
  return resources.some(({ name, type }) => type === chartType && name === chart);
}

function isWorkloadOf(graph: Graph, { parent, type }: GraphResource, chart: ChartName): boolean {
  const owner = graph.resources.find(({ urn }) => urn === parent);
  return (
    owner?.type === chartType && owner.name === chart && /:(Deployment|StatefulSet|DaemonSet)$/.test(type)
  );
}

function withoutNamespace(graph: Graph): string[] {
  const namespaces = graph.objects.filter(({ object }) => object.kind === "Namespace");
  return graph.objects.flatMap(({ object, resource }) => {
    const { namespace } = object.metadata;
    if (namespace === undefined || namespace === "kube-system") return [];
    const own = namespaces.find(({ object: { metadata } }) => metadata.name === namespace);
    if (!own) return [`${resource.name} is in a namespace that nobody makes: ${namespace}`];
    return graph.waitsFor(resource, own.resource) ? [] : [`${resource.name} does not wait for ${namespace}`];
  });
}

function withoutIssuer(graph: Graph): string[] {
  const ingresses = graph.objects.filter(({ object }) => object.kind === "Ingress");
  return ingresses.flatMap(({ object, resource }) => {
    const issuer = object.metadata.annotations?.["cert-manager.io/cluster-issuer"];
    const text = JSON.stringify(object);
    const needed = graph.objects.filter(
      ({ object: { kind, metadata } }) =>
        (kind === "ClusterIssuer" && metadata.name === issuer) ||
        (metadata.namespace === object.metadata.namespace &&
          ((kind === "Secret" && text.includes(`"secretName":"${metadata.name}"`)) ||
            (kind === "Service" && text.includes(`"service":{"name":"${metadata.name}"`)) ||
            (kind === "Middleware" && text.includes(`-${metadata.name}@`)))),
    );
    const signs = needed.filter(({ object: { kind } }) => kind === "ClusterIssuer" || kind === "Secret");
    return [
      ...(signs.length === 0 ? [`nobody signs for the Ingress ${resource.name}`] : []),
      ...needed
        .filter((other) => !graph.waitsFor(resource, other.resource))
        .map(
          (other) =>
            `the Ingress ${resource.name} does not wait for ${other.object.kind} ${other.resource.name}`,
        ),
    ];
  });
}

function withoutFiles(graph: Graph): string[] {
  const files = graph.objects.filter(({ object }) =>
    /^(ConfigMap|Secret|PersistentVolumeClaim)$/.test(object.kind),
  );
  const workloads = graph.objects.filter(({ object }) =>
    /^(Deployment|StatefulSet|DaemonSet|Job)$/.test(object.kind),
  );
  return workloads.flatMap(({ object, resource }) => {
    const text = JSON.stringify(object.spec);
    return files
      .filter(({ object: { metadata } }) => metadata.namespace === object.metadata.namespace)
      .filter(({ object: { metadata } }) => reads(text, metadata.name))
      .filter((file) => !graph.waitsFor(resource, file.resource))
      .map((file) => `${resource.name} does not wait for ${file.object.kind} ${file.resource.name}`);
  });
}

/** Whether a pod's specification refers to an object by its name. */
function reads(text: string, name: string): boolean {
  return (
    new RegExp(
      `"(configMap|configMapRef|configMapKeyRef|secretKeyRef|secretRef)":\\{[^}]*"name":"${name}"`,
    ).test(text) ||
    text.includes(`"secretName":"${name}"`) ||
    text.includes(`"claimName":"${name}"`)
  );
}

/** The layer of a resource, by the component that it is a part of; undefined for what is nobody's, as generated passwords. */
function layerOf(graph: Graph, resource: GraphResource): string | undefined {
  const layer = graph.top(resource).type.split(":")[1];
  return layer !== undefined && layers.includes(layer) ? layer : undefined;
}

function backwards(graph: Graph): string[] {
  return graph.resources.flatMap((resource) => {
    const own = layerOf(graph, resource);
    if (own === undefined) return [];
    return graph
      .before(resource)
      .filter((other) => layers.indexOf(layerOf(graph, other) ?? own) > layers.indexOf(own))
      .map(
        (other) => `${resource.name} of ${own} waits for ${other.name} of ${String(layerOf(graph, other))}`,
      );
  });
}
