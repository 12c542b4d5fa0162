import type { ClusterModel } from "./cluster-model.ts";
import type { Service, ServicePort } from "./cluster-services.ts";
import type { Workload } from "./cluster-workloads.ts";
import type { Protocol } from "./network-policies.ts";
import type { KubernetesObject } from "./objects.ts";

/** A connection that the platform needs. */
export interface Edge {
  /** `machines` are all that are no pods: nodes, the API server, computers elsewhere. */
  readonly from: Workload | "machines";
  readonly to: Workload | "machines";
  readonly port: number;
  readonly protocol: Protocol;
  /** Which manifest says so. */
  readonly reason: string;
  /** True for programs that are not there yet: what lets them out comes with them. */
  readonly isForOthers?: boolean;
}

/** An edge, or an address that leads nowhere, as a line. */
export type Finding = Edge | string;

/** A workload by namespace and name, for messages. */
export function nameOf(workload: Workload | "machines"): string {
  return workload === "machines" ? "machines" : `${workload.namespace}/${workload.name}`;
}

export function edge(
  from: Edge["from"],
  to: Edge["to"],
  port: number,
  reason: string,
  protocol: Protocol = "TCP",
): Edge {
  return { from, to, port, protocol, reason };
}

/** The platform's own: nobody says what k3s' pods may do. */
export function ofPlatform({ workloads }: ClusterModel): readonly Workload[] {
  return workloads.filter(({ namespace }) => namespace !== "kube-system");
}

export function find({ workloads }: ClusterModel, namespace: string, name: string): Workload | undefined {
  return workloads.find((workload) => workload.namespace === namespace && workload.name === name);
}

/** The cluster's ingress controller: the platform's own where it installs one, else k3s'. */
export function ingressController(model: ClusterModel): Workload {
  return model.workloads.find(({ chart }) => chart === "traefik") ?? systemPods(model, "traefik");
}

export function systemPods(model: ClusterModel, name: "traefik" | "kube-dns"): Workload {
  const workload = find(model, "kube-system", name);
  if (!workload) throw new Error(`The model has no ${name}.`);
  return workload;
}

/** Behind an alias is the Service that it leads to. */
export function followed(model: ClusterModel, service: Service): Service {
  const [name, namespace] = service.externalName?.split(".") ?? [];
  return model.services.find((one) => one.name === name && one.namespace === namespace) ?? service;
}

/** Who calls a Service calls each of its pods; without a Service's own address, on the very port. */
export function called(
  from: Workload,
  service: Service,
  port: number | string | undefined,
  reason: string,
): Finding[] {
  const place = `${service.namespace}/${service.name}`;
  if (service.workloads.length === 0) return [`${nameOf(from)}: ${reason}, and no pod is behind ${place}`];
  const wanted = service.ports.filter((one) => port === undefined || one.port === port || one.name === port);
  if (wanted.length === 0 && !(service.isHeadless && typeof port === "number"))
    return [`${nameOf(from)}: ${reason}, and ${place} has no port ${String(port)}`];
  return service.workloads.flatMap((workload) =>
    service.isHeadless && typeof port === "number"
      ? [edge(from, workload, port, reason)]
      : wanted.map((one) => edge(from, workload, targetOf(one, workload), reason)),
  );
}

export function targetOf({ port, targetPort = port }: ServicePort, { ports }: Workload): number {
  return typeof targetPort === "number" ? targetPort : (ports[targetPort] ?? port);
}

/** The port of the API server's Service, and the one behind it: network plugins differ in which they look at. */
export const apiPorts = [443, 6443];

export interface IngressSpec {
  readonly rules: readonly {
    readonly host: string;
    readonly http: {
      readonly paths: readonly {
        readonly backend: {
          readonly service: {
            readonly name: string;
            readonly port: { readonly name?: string; readonly number?: number };
          };
        };
      }[];
    };
  }[];
}

export function hostsOf({ spec }: KubernetesObject): string[] {
  return (spec as IngressSpec).rules.map(({ host }) => host);
}
