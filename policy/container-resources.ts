import { parseKubernetesQuantity, quantityPattern } from "../config/kubernetes-quantity.ts";
import type { Policy, Violation } from "./policy.ts";
import { enumeration, notYetKnown, valueAt } from "./values.ts";
import { containersOf } from "./workloads.ts";
import type { Container } from "./workloads.ts";

/** Settings of {@link containerResources}. */
export interface ContainerResourcesSettings {
  /** The most CPU that one container may be limited to, or may request. */
  readonly maxCpu: string;
  /** The most memory that one container may be limited to, or may request. */
  readonly maxMemory: string;
  /** Whether a CPU limit must be set. */
  readonly requireCpuLimit: boolean;
}

/** Every container requests CPU and memory, is limited in both, and stays within bounds. */
export const containerResources: Policy<ContainerResourcesSettings> = {
  name: "container-resources",
  description: "Every container requests CPU and memory, is limited in both, and stays within the bounds.",
  why: "The scheduler places pods by their requests, and a container without limits can take a node down with everything on it.",
  severity: "high",
  enforcementLevel: "mandatory",
  frameworks: ["NSA/CISA Kubernetes Hardening Guidance"],
  topics: ["resources", "cost"],
  link: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  settings: {
    maxCpu: {
      type: "string",
      pattern: quantityPattern,
      description: "The most CPU that one container may request or be limited to.",
      default: "8",
    },
    maxMemory: {
      type: "string",
      pattern: quantityPattern,
      description: "The most memory that one container may request or be limited to.",
      default: "32Gi",
    },
    requireCpuLimit: {
      type: "boolean",
      description:
        "Whether a CPU limit must be set. It is by default, although it can slow a container that bursts: nodes here are small and shared, and the JVM and many other runtimes size their thread pools by the limit.",
      default: true,
    },
  },
  validate(resource, report, settings) {
    for (const container of containersOf(resource)) {
      // The API does not allow an ephemeral container to have resources.
      if (container.list === "ephemeralContainers") continue;
      for (const violation of [...missing(container, settings), ...excessive(container, settings)]) {
        report(resource, violation);
      }
    }
  },
};

/** What a container asks for of one resource, and how much of it the settings allow. */
interface Amount {
  /** `cpu` or `memory`. */
  readonly resource: string;
  /** `requests` or `limits`. */
  readonly list: string;
  /** As written; undefined when missing. */
  readonly quantity: unknown;
  /** The bound, as written in the settings. */
  readonly bound: string;
}

/** The four amounts that are looked at, in the order of messages. */
function amountsOf(container: Container, settings: ContainerResourcesSettings): Amount[] {
  const bounds = { cpu: settings.maxCpu, memory: settings.maxMemory };
  return Object.entries(bounds).flatMap(([resource, bound]) =>
    ["requests", "limits"].map((list) => ({
      resource,
      list,
      quantity: valueAt(container.properties, "resources", list, resource),
      bound,
    })),
  );
}

/** Amounts that are not there, told in one message. */
function missing(container: Container, settings: ContainerResourcesSettings): Violation[] {
  const absent = amountsOf(container, settings).filter(
    ({ quantity, resource, list }) =>
      quantity === undefined && (settings.requireCpuLimit || resource !== "cpu" || list !== "limits"),
  );
  if (absent.length === 0) return [];
  const names = absent.map(({ resource, list }) => `${list}.${resource}`);
  return [
    {
      path: `${container.path}.resources`,
      problem: `container "${container.name}" does not set ${enumeration(names)}`,
      fix: `set ${enumeration(names)} to what the container needs when it is busy`,
    },
  ];
}

/** Amounts that are malformed, above their bound, or requested beyond the limit. */
function excessive(container: Container, settings: ContainerResourcesSettings): Violation[] {
  const amounts = amountsOf(container, settings).filter(
    ({ quantity }) => quantity !== undefined && quantity !== notYetKnown,
  );
  return amounts.flatMap((amount): Violation[] => {
    const { resource, list, quantity, bound } = amount;
    const path = `${container.path}.resources.${list}.${resource}`;
    const label = `container "${container.name}": ${JSON.stringify(quantity)}`;
    const value = parseKubernetesQuantity(quantity);
    if (value === undefined) {
      return [{ path, problem: `${label} is not a quantity`, fix: "write it like 500m, 2 or 512Mi" }];
    }
    if (value > (parseKubernetesQuantity(bound) ?? Infinity)) {
      const setting = resource === "cpu" ? "maxCpu" : "maxMemory";
      const problem = `${label} is more than one container may have, ${bound}`;
      return [{ path, problem, fix: `ask for less, or raise the setting "${setting}" of this policy` }];
    }
    const limit = amounts.find((other) => other.resource === resource && other.list === "limits");
    if (list === "requests" && value > (parseKubernetesQuantity(limit?.quantity) ?? Infinity)) {
      const problem = `${label} is more than its limit, ${JSON.stringify(limit?.quantity)}`;
      return [{ path, problem, fix: "raise the limit or lower the request" }];
    }
    return [];
  });
}
