import type { SystemName } from "../../platform/catalogue.ts";
import { rowOf } from "../../platform/catalogue.ts";
import { lockedChart } from "../../platform/charts/lock.ts";
import { hasStatus, type KubernetesClient } from "../kubernetes/client.ts";
import { ask } from "./ask.ts";
import { systemOf, type ObjectIdentity } from "./system-of.ts";

/** A custom resource of the platform, and what its operator says of it. */
export interface ResourceView {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly system: string;
  /** Why it is not ready; empty when it is, or when nobody says. */
  readonly complaint: string;
}

/** The fields of a custom resource that most operators keep to. */
export interface ResourceObject {
  readonly metadata: Omit<ObjectIdentity, "namespace"> & { readonly namespace?: string };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

/** Where objects of a custom kind are listed. */
interface CustomList {
  readonly kind: string;
  readonly path: string;
}

/** Asks for the platform's own custom resources, of the kinds that the systems' charts define. */
export async function viewResources(
  client: KubernetesClient,
  systems: readonly SystemName[],
): Promise<ResourceView[]> {
  const found = await Promise.all(customLists(systems).map((list) => listResources(client, list)));
  return found.flat();
}

/** The served kinds of the systems' charts. */
function customLists(systems: readonly SystemName[]): CustomList[] {
  return systems.flatMap((system) => {
    const row = rowOf(system);
    if (row.planned) return [];
    return (row.charts ?? []).flatMap((chart) =>
      Object.values(lockedChart(chart).definitions).flatMap(({ group, kind, plural, versions }) => {
        const version = versions.find(({ storage }) => storage)?.name;
        return version === undefined ? [] : [{ kind, path: `/apis/${group}/${version}/${plural}` }];
      }),
    );
  });
}

async function listResources(client: KubernetesClient, { kind, path }: CustomList): Promise<ResourceView[]> {
  const query = { labelSelector: "app.kubernetes.io/part-of=uap" };
  try {
    const { items } = (await ask(client, path, query)) as { items: ResourceObject[] };
    return items.map((item) => viewResource(kind, item));
  } catch (error) {
    // A definition that a chart has and this cluster lacks, because its system left it out.
    if (hasStatus(error, 404)) return [];
    throw error;
  }
}

/** What a report says of a custom resource. */
export function viewResource(kind: string, { metadata, status }: ResourceObject): ResourceView {
  const { name, namespace = "" } = metadata;
  return {
    kind,
    namespace,
    name,
    system: systemOf({ ...metadata, namespace }) ?? "",
    complaint: complaintOf(status?.conditions ?? []),
  };
}

/** Conditions that are true when all is well. */
const readiness = new Set(["Ready", "Available", "Healthy"]);

function complaintOf(conditions: NonNullable<NonNullable<ResourceObject["status"]>["conditions"]>): string {
  const unmet = conditions.find(({ type, status }) => readiness.has(type) && status === "False");
  if (!unmet) return "";
  return [unmet.reason, unmet.message].filter(Boolean).join(": ") || `not ${unmet.type.toLowerCase()}`;
}
