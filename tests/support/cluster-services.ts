import { lockedCharts } from "../../platform/charts/lock.ts";
import { chartNetworks } from "./chart-networks.ts";
import type { Workload } from "./cluster-workloads.ts";
import type { Labels } from "./network-policies.ts";
import { isSimulated, type KubernetesObject } from "./objects.ts";

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
}

/** A Service and who is behind it. */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly isHeadless: boolean;
  /** Where an alias leads; undefined for any other Service. */
  readonly externalName: string | undefined;
  /** Whether it lets in whom nobody knows. */
  readonly isPublic: boolean;
  readonly ports: readonly ServicePort[];
  readonly workloads: readonly Workload[];
}

/** All Services: the platform's, the charts', and those that operators make. */
export function servicesOf(objects: readonly KubernetesObject[], workloads: readonly Workload[]): Service[] {
  return [...objects, ...operated(workloads)]
    .filter(({ kind }) => kind === "Service")
    .map((object) => serviceOf(object, workloads));
}

/** The Services that operators make. */
function operated(workloads: readonly Workload[]): KubernetesObject[] {
  return workloads.flatMap(({ chart, name, namespace }) => {
    const services = Object.entries((chart && chartNetworks[chart]?.services) ?? {});
    return services
      .filter(
        ([service, { workload }]) => workload === name && chart && !(service in lockedCharts[chart].services),
      )
      .map(([service, { ports = {} }]) => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: service, namespace, annotations: { "uap.dev/simulated": "true" } },
        spec: { ports: Object.entries(ports).map(([port, one]) => ({ name: port, port: one.port })) },
      }));
  });
}

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly externalName?: string;
  readonly selector?: Labels;
  readonly ports?: readonly ServicePort[];
}

function serviceOf(object: KubernetesObject, workloads: readonly Workload[]): Service {
  const { labels = {}, name, namespace = "default" } = object.metadata;
  const spec = object.spec as ServiceSpec;
  const neighbours = workloads.filter((workload) => workload.namespace === namespace);
  const behind = isSimulated(object)
    ? behindChart(name, spec, neighbours)
    : {
        labels,
        ports: spec.ports ?? [],
        workloads: neighbours.filter((one) => isSelected(spec.selector, one)),
      };
  return {
    namespace,
    name,
    isHeadless: spec.clusterIP === "None",
    externalName: spec.externalName,
    isPublic: spec.type === "LoadBalancer" || spec.type === "NodePort",
    ...behind,
  };
}

function isSelected(selector: Labels | undefined, { labels }: Workload): boolean {
  return selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Behind a chart's Service is what is known of it, else the workload that the simulation took it to be for. */
function behindChart(
  name: string,
  { ports = [], selector = {} }: ServiceSpec,
  neighbours: readonly Workload[],
): Pick<Service, "labels" | "ports" | "workloads"> {
  const charts = [...new Set(neighbours.flatMap(({ chart }) => chart ?? []))];
  const known = charts
    .map((chart) => chartNetworks[chart]?.services?.[name])
    .find((one) => one !== undefined);
  const owner = known?.workload ?? selector["app.kubernetes.io/name"];
  const workloads = neighbours.filter((workload) => workload.name === owner);
  const numbers = workloads[0]?.ports ?? {};
  return {
    labels: known?.labels ?? selector,
    ports: ports.map(({ name: portName = "", port }) => ({
      name: portName,
      port,
      targetPort: known?.ports?.[portName]?.target ?? numbers[portName] ?? port,
    })),
    workloads,
  };
}
