import { lockedCharts, type ChartName } from "../../platform/charts/lock.ts";
import { chartNetworks } from "./chart-networks.ts";
import type { MockResource } from "./mock-engine.ts";
import type { Labels, Machine, Party } from "./network-policies.ts";
import { textOf, textsIn, type KubernetesObject } from "./objects.ts";
import { revealed } from "./revealed.ts";

/** What runs in pods that are all alike. */
export interface Workload {
  readonly namespace: string;
  readonly name: string;
  /** The chart that makes it; undefined where the platform or the cluster does. */
  readonly chart: ChartName | undefined;
  readonly labels: Labels;
  /** Its pods as others see them: those in their nodes' network are their nodes. */
  readonly party: Party;
  /** Another one of its pods. */
  readonly sibling: Party;
  /** Its containers' ports. */
  readonly listens: readonly number[];
  readonly ports: Readonly<Record<string, number>>;
  readonly usesApi: boolean;
  /** Everything that the program gives its containers to read. */
  readonly texts: readonly string[];
}

/** Nodes, the API server, and everybody outside: policies cannot tell them apart. */
export const machine: Machine = { kind: "machine", address: "203.0.113.7" };

/** A pod before it has an address. */
interface Template extends Omit<Workload, "party" | "sibling"> {
  readonly isOnHost: boolean;
}

/** All workloads of a cluster: k3s' own, the platform's, and the charts'. */
export function workloadsOf(
  objects: readonly KubernetesObject[],
  charts: readonly KubernetesObject[],
  rendered: readonly MockResource[],
): Workload[] {
  return [
    ...clusterOwn,
    ...objects.flatMap((object) => ownTemplate(object, objects)),
    ...charts.flatMap((object) => chartTemplate(object, rendered, objects)),
    ...solvers(objects),
  ].map(addressed);
}

/** Every workload has two pods, so that calls among its own are seen. */
function addressed({ isOnHost, ...template }: Template, index: number): Workload {
  const pod = (last: number): Party => {
    const { labels, namespace, ports } = template;
    const address = `10.42.${index % 256}.${last}`;
    return isOnHost ? machine : { kind: "pod", namespace, labels, ports, address };
  };
  return { ...template, party: pod(1), sibling: pod(2) };
}

/** What k3s brings. */
const clusterOwn: readonly Template[] = [
  {
    ...inSystem("traefik", { "app.kubernetes.io/name": "traefik" }),
    ports: { metrics: 9100 },
    listens: [8000, 8443, 9100],
  },
  { ...inSystem("kube-dns", { "k8s-app": "kube-dns" }), ports: {}, listens: [53, 9153] },
];

function inSystem(name: string, labels: Labels) {
  return {
    namespace: "kube-system",
    name,
    labels,
    chart: undefined,
    isOnHost: false,
    usesApi: true,
    texts: [],
  };
}

interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly automountServiceAccountToken?: boolean;
  readonly containers: readonly {
    readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  }[];
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec: PodSpec;
}

function podsOf({ spec }: KubernetesObject): PodTemplate | undefined {
  const job = (spec as { jobTemplate?: { spec?: unknown } } | undefined)?.jobTemplate?.spec ?? spec;
  const template = (job as { template?: Partial<PodTemplate> } | undefined)?.template;
  return template?.spec && "containers" in template.spec ? { ...template, spec: template.spec } : undefined;
}

function ownTemplate(object: KubernetesObject, objects: readonly KubernetesObject[]): Template[] {
  const template = podsOf(object);
  if (!template) return [];
  const { namespace = "default", name } = object.metadata;
  const texts = textsIn(object.spec);
  return [
    {
      ...portsOf(template.spec),
      namespace,
      name,
      chart: undefined,
      labels: template.metadata?.labels ?? {},
      isOnHost: template.spec.hostNetwork === true,
      usesApi: template.spec.automountServiceAccountToken !== false,
      texts: [...texts, ...textsNamedIn(texts, namespace, objects)],
    },
  ];
}

function chartTemplate(
  object: KubernetesObject,
  rendered: readonly MockResource[],
  objects: readonly KubernetesObject[],
): Template[] {
  const template = podsOf(object);
  if (!template) return [];
  const { namespace = "default", name } = object.metadata;
  const labels = template.metadata?.labels ?? {};
  const chart = labels["app.kubernetes.io/instance"] as ChartName;
  const network = chartNetworks[chart];
  const release = rendered.find(
    ({ type, name: own }) => type === "kubernetes:helm.sh/v4:Chart" && own === chart,
  );
  const values = textsIn(revealed(release?.inputs.values));
  const recorded = portsOf(template.spec);
  const ports = network?.ports?.[name] ?? recorded.ports;
  return [
    {
      namespace,
      name,
      chart,
      labels: { ...labels, ...network?.labels?.[name] },
      ports,
      listens: network?.ports?.[name] ? Object.values(ports) : recorded.listens,
      isOnHost: template.spec.hostNetwork === true || network?.onNodes?.includes(name) === true,
      usesApi: network?.withoutApi !== "all" && network?.withoutApi?.includes(name) !== true,
      texts: [...values, ...textsNamedIn(values, namespace, objects), ...readByOperator(chart, objects)],
    },
  ];
}

function portsOf({ containers }: PodSpec): Pick<Workload, "ports" | "listens"> {
  const all = containers.flatMap(({ ports = [] }) => ports);
  return {
    listens: all.map(({ containerPort }) => containerPort),
    ports: Object.fromEntries(all.flatMap((port) => (port.name ? [[port.name, port.containerPort]] : []))),
  };
}

/** The ConfigMaps and Secrets of a namespace that are named. */
function textsNamedIn(
  names: readonly string[],
  namespace: string,
  objects: readonly KubernetesObject[],
): string[] {
  return objects
    .filter(({ kind, metadata }) => /^(ConfigMap|Secret)$/.test(kind) && metadata.namespace === namespace)
    .filter(({ metadata }) => names.includes(metadata.name))
    .map(textOf);
}

/** The custom resources of a chart's kinds. */
function readByOperator(chart: ChartName, objects: readonly KubernetesObject[]): string[] {
  const { kinds } = lockedCharts[chart];
  return objects
    .filter(({ apiVersion, kind }) => `${apiVersion}/${kind}` in kinds)
    .flatMap(({ spec }) => textsIn(spec));
}

/** The pods that cert-manager starts beside an Ingress to prove who its host belongs to. */
function solvers(objects: readonly KubernetesObject[]): Template[] {
  const asks = objects.some(
    ({ kind, spec }) => kind === "ClusterIssuer" && JSON.stringify(spec).includes("http01"),
  );
  const places = objects
    .filter(({ kind }) => kind === "Ingress")
    .map(({ metadata }) => metadata.namespace ?? "");
  return asks ? [...new Set(places)].map(solver) : [];
}

/** Port of those pods. */
export const solverPort = 8089;
export const solverName = "acme-solver";

function solver(namespace: string): Template {
  const labels = { "acme.cert-manager.io/http01-solver": "true" };
  return {
    ...{ namespace, name: solverName, labels, chart: undefined, isOnHost: false, usesApi: false, texts: [] },
    ...{ ports: {}, listens: [solverPort] },
  };
}
