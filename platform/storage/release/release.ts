import { setTimeout as pause } from "node:timers/promises";
import type { KubernetesApi } from "../../../infra/kubernetes-api.ts";
import { ask } from "../../../infra/membership/steady-api.ts";
import { firstPause, nextPause } from "../../../infra/readiness/pauses.ts";
import {
  claimListSchema,
  namespaceListSchema,
  podListSchema,
  volumeListSchema,
  type Claim,
  type Pod,
  type Volume,
} from "./objects.ts";

/** What there is of a storage class, and who uses it. */
interface Holdings {
  readonly claims: readonly Claim[];
  readonly volumes: readonly Volume[];
  readonly pods: readonly Pod[];
  /** Names of the namespaces that belong to the platform. */
  readonly namespaces: ReadonlySet<string>;
}

/**
 * Deletes the claims of a storage class in the platform's own namespaces as soon as no pod uses them, and waits until no volume of the class
 * is left. Claims of other namespaces are other people's, and volumes that are to be retained are left alone.
 *
 * @param seconds how long that may take
 * @returns what is left after that time and why, as lines; nothing when all are gone
 * @throws Error when the API does not answer or refuses
 */
export async function release(
  api: KubernetesApi,
  storageClass: string,
  seconds: number,
): Promise<readonly string[]> {
  const deadline = performance.now() + seconds * 1000;
  for (let milliseconds = firstPause; ; milliseconds = nextPause(milliseconds)) {
    const holdings = await look(api, storageClass);
    for (const claim of holdings.claims) {
      if (!isFree(claim, holdings)) continue;
      const { name, namespace } = claim.metadata;
      const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`;
      await ask(api, path, { method: "DELETE", accepted: [404] });
    }
    const left = remains(holdings);
    if (left.length === 0 || performance.now() >= deadline) return left;
    await pause(milliseconds);
  }
}

async function look(api: KubernetesApi, storageClass: string): Promise<Holdings> {
  const list = async (path: string) => JSON.parse((await ask(api, path)).body) as unknown;
  const [claims, volumes] = await Promise.all([
    list("/api/v1/persistentvolumeclaims").then((text) => claimListSchema.parse(text)),
    list("/api/v1/persistentvolumes").then((text) => volumeListSchema.parse(text)),
  ]);
  const ofClass = <Item extends Claim | Volume>({ items }: { readonly items: readonly Item[] }) =>
    items.filter(({ spec }) => spec.storageClassName === storageClass);
  const own = ofClass(claims);
  if (own.length === 0) return { claims: [], volumes: ofClass(volumes), pods: [], namespaces: new Set() };
  const [pods, namespaces] = await Promise.all([
    list("/api/v1/pods").then((text) => podListSchema.parse(text)),
    list("/api/v1/namespaces?labelSelector=app.kubernetes.io%2Fpart-of%3Duap").then((text) =>
      namespaceListSchema.parse(text),
    ),
  ]);
  return {
    claims: own,
    volumes: ofClass(volumes),
    pods: pods.items,
    namespaces: new Set(namespaces.items.map(({ metadata }) => metadata.name)),
  };
}

function isFree(claim: Claim, holdings: Holdings): boolean {
  const isGoing = claim.metadata.deletionTimestamp !== undefined;
  return (
    !isGoing &&
    holdings.namespaces.has(claim.metadata.namespace) &&
    usersOf(claim, holdings.pods).length === 0
  );
}

function usersOf({ metadata }: Claim, pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      pod.status.phase !== "Succeeded" &&
      pod.status.phase !== "Failed" &&
      pod.spec.volumes.some(({ persistentVolumeClaim: used }) => used?.claimName === metadata.name),
  );
}

/** The volumes that are still there, each with its reason. */
function remains(holdings: Holdings): string[] {
  return holdings.volumes
    .filter(({ spec }) => spec.persistentVolumeReclaimPolicy !== "Retain")
    .map((volume) => `${volume.metadata.name}: ${reasonOf(volume, holdings)}`);
}

function reasonOf({ spec, status }: Volume, holdings: Holdings): string {
  const { name, namespace } = spec.claimRef ?? {};
  const claim = holdings.claims.find(
    ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
  );
  if (!claim) return `its claim is gone, and the driver has not deleted it${said(status.message)}`;
  const place = `the claim ${claim.metadata.namespace}/${claim.metadata.name}`;
  const users = usersOf(claim, holdings.pods).map(({ metadata }) => metadata.name);
  if (users.length > 0) return `${place} is used by ${users.join(", ")}`;
  return holdings.namespaces.has(claim.metadata.namespace)
    ? `${place} is being deleted`
    : `${place} is in a namespace that is not the platform's`;
}

function said(message: string | undefined): string {
  return message === undefined || message === "" ? "" : ` (${message})`;
}
