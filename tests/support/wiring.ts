import { chartNetworks } from "./chart-networks.ts";
import type { ClusterModel } from "./cluster-model.ts";
import { solverName, solverPort, type Workload } from "./cluster-workloads.ts";
import {
  apiPorts,
  called,
  edge,
  find,
  followed,
  ingressController,
  nameOf,
  ofPlatform,
  systemPods,
  targetOf,
  type Edge,
  type Finding,
  type IngressSpec,
} from "./edges.ts";
import type { Labels } from "./network-policies.ts";
import type { KubernetesObject } from "./objects.ts";
import { mentions } from "./wiring-mentions.ts";

/** What the manifests ask for. */
export interface Wiring {
  readonly edges: readonly Edge[];
  /** Addresses that lead nowhere, as lines. */
  readonly faults: readonly string[];
}

/** Every connection that the manifests of a cluster speak of; policies are not looked at. */
export function wiringOf(model: ClusterModel): Wiring {
  const findings = [
    ...nameResolution(model),
    ...apiAccess(model),
    ...mentions(model),
    ...ingresses(model),
    ...monitors(model),
    ...charts(model),
    ...visitors(model),
    ...aliases(model),
    ...proofs(model),
    ...proxies(model),
  ];
  return {
    edges: findings.filter((finding) => typeof finding !== "string"),
    faults: [...new Set(findings.filter((finding) => typeof finding === "string"))],
  };
}

function nameResolution(model: ClusterModel): Finding[] {
  const servers = systemPods(model, "kube-dns");
  return ofPlatform(model)
    .filter(({ party }) => party.kind === "pod")
    .flatMap((workload) =>
      (["UDP", "TCP"] as const).map((protocol) =>
        edge(workload, servers, 53, "names are resolved", protocol),
      ),
    );
}

function apiAccess(model: ClusterModel): Finding[] {
  return ofPlatform(model)
    .filter(({ usesApi }) => usesApi)
    .flatMap((workload) =>
      apiPorts.map((port) => edge(workload, "machines", port, "it asks the API server")),
    );
}

function ingresses(model: ClusterModel): Finding[] {
  const controller = ingressController(model);
  return model.objects
    .filter(({ kind }) => kind === "Ingress")
    .flatMap(({ metadata, spec }) =>
      (spec as IngressSpec).rules.flatMap(({ host, http }) =>
        http.paths.flatMap(({ backend: { service } }) => {
          const found = model.services.find(
            ({ name, namespace }) => name === service.name && namespace === metadata.namespace,
          );
          const reason = `the Ingress of ${host} leads to ${service.name}`;
          return found
            ? called(controller, found, service.port.number ?? service.port.name, reason)
            : [`${nameOf(controller)}: ${reason}, which is no Service of ${String(metadata.namespace)}`];
        }),
      ),
    );
}

interface MonitorSpec {
  readonly selector: { readonly matchLabels?: Labels };
  readonly endpoints?: readonly { readonly port: string }[];
  readonly podMetricsEndpoints?: readonly { readonly port: string }[];
}

function monitors(model: ClusterModel): Finding[] {
  return model.objects
    .filter(({ kind }) => kind === "ServiceMonitor" || kind === "PodMonitor")
    .flatMap((monitor) => {
      const edges = watchers(model).flatMap((prometheus) => watched(model, prometheus, monitor));
      const { kind, metadata } = monitor;
      return edges.length > 0
        ? edges
        : [`${kind} ${String(metadata.namespace)}/${metadata.name} watches nobody`];
    });
}

function watchers(model: ClusterModel): Workload[] {
  return model.workloads.filter(({ labels }) => labels["app.kubernetes.io/name"] === "prometheus");
}

function watched(
  model: ClusterModel,
  prometheus: Workload,
  { kind, metadata, spec }: KubernetesObject,
): Finding[] {
  const { endpoints = [], podMetricsEndpoints = [], selector } = spec as MonitorSpec;
  const wanted = Object.entries(selector.matchLabels ?? {});
  const isWatched = (one: { readonly namespace: string; readonly labels: Labels }) =>
    one.namespace === metadata.namespace && wanted.every(([key, value]) => one.labels[key] === value);
  const reason = `it is told of the ${kind} ${metadata.name}`;
  const services = endpoints.flatMap(({ port }) =>
    model.services.filter(isWatched).flatMap((service) => called(prometheus, service, port, reason)),
  );
  const pods = podMetricsEndpoints.flatMap(({ port }) =>
    model.workloads.filter(isWatched).flatMap((workload) => {
      const number = workload.ports[port];
      return number === undefined ? [] : [edge(prometheus, workload, number, reason)];
    }),
  );
  return [...services, ...pods];
}

function charts(model: ClusterModel): Finding[] {
  return ofPlatform(model).flatMap((workload) => {
    const network = workload.chart && chartNetworks[workload.chart];
    if (!workload.chart || !network) return [];
    const { calls = [], fromApiServer = {}, fromNodes = {}, toMachines = {} } = network;
    const reason = `the chart ${workload.chart} does so`;
    const near = (name: string) => find(model, workload.namespace, name) ?? find(model, "kube-system", name);
    return [
      ...calls.flatMap(([caller, name, port, protocol]) => {
        const [from, to] = [near(caller), near(name)];
        return from && to ? [edge(from, to, port, reason, protocol)] : [];
      }),
      ...[fromApiServer[workload.name] ?? []].flat().map((port) => edge("machines", workload, port, reason)),
      ...(fromNodes[workload.name] ?? []).map((port) => edge("machines", workload, port, reason)),
      ...(toMachines[workload.name] ?? []).map((port) => edge(workload, "machines", port, reason)),
    ];
  });
}

/** Who comes from outside: everybody to the ingress controller and to public Services. */
function visitors(model: ClusterModel): Finding[] {
  const controller = ingressController(model);
  return [
    ...[8000, 8443].map((port) => edge("machines", controller, port, "people come by it")),
    ...model.services
      .filter(({ isPublic }) => isPublic)
      .flatMap(({ name, ports, workloads }) =>
        workloads.flatMap((workload) =>
          ports.map((port) => edge("machines", workload, targetOf(port, workload), `${name} is public`)),
        ),
      ),
  ];
}

/** Who sees an alias in its namespace may be a program of the users, which brings its own way out. */
function aliases(model: ClusterModel): Finding[] {
  return model.services
    .filter(({ externalName }) => externalName !== undefined)
    .flatMap((alias) => {
      const programs = strangerIn(alias.namespace);
      const findings = called(programs, followed(model, alias), undefined, `${alias.name} is an alias`);
      return findings.map((finding) =>
        typeof finding === "string" ? finding : { ...finding, isForOthers: true },
      );
    });
}

function strangerIn(namespace: string): Workload {
  const party = { kind: "pod", namespace, labels: {}, ports: {}, address: "10.42.255.1" } as const;
  const nothing = { chart: undefined, labels: {}, listens: [], ports: {}, usesApi: false, texts: [] };
  return { ...nothing, namespace, name: "programs", party, sibling: party };
}

/** How an authority learns who a host belongs to: cert-manager asks itself first, by the way that the authority will take. */
function proofs(model: ClusterModel): Finding[] {
  const solvers = model.workloads.filter(({ name }) => name === solverName);
  const challenger = model.workloads.find(
    ({ name, namespace }) => name === "cert-manager" && namespace === "cert-manager",
  );
  const controller = ingressController(model);
  if (solvers.length === 0 || !challenger) return [];
  const reason = "hosts are proven by HTTP";
  return [
    ...[80, 443].map((port) => edge(challenger, "machines", port, reason)),
    ...[8000, 8443].map((port) => edge(challenger, controller, port, reason)),
    ...solvers.map((solver) => edge(controller, solver, solverPort, reason)),
  ];
}

/** Pods that ask for a proxy of the mesh: it gets its settings and its certificate from istiod. */
function proxies(model: ClusterModel): Finding[] {
  const control = model.workloads.find(({ chart }) => chart === "istiod");
  if (!control) return [];
  return model.workloads
    .filter(({ labels }) => labels["sidecar.istio.io/inject"] === "true")
    .map((workload) => edge(workload, control, 15012, "its proxy asks istiod"));
}
