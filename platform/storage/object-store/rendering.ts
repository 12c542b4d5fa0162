import type { Budget, Size, Sized } from "../../../config/systems.ts";
import { chartBudget, sumOfBudgets, type Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";
import type { ObjectStoreOptions } from "./options.ts";

/** What each part may use. The store's own figures are small; the limits leave room for some dozen transfers at once, 8 MiB each. */
export const objectStoreResources = {
  /** Keeps the list of volumes, and leads. */
  master: {
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
  },
  /** Keeps the objects. */
  volume: {
    requests: { cpu: "100m", memory: "192Mi" },
    limits: { cpu: "1", memory: "1Gi" },
  },
  /** Keeps the names of the objects. */
  filer: {
    requests: { cpu: "100m", memory: "192Mi" },
    limits: { cpu: "1", memory: "1Gi" },
  },
  /** Speaks S3. */
  gateway: {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "1", memory: "1Gi" },
  },
  /** Copies objects elsewhere. */
  copy: {
    requests: { cpu: "50m", memory: "128Mi" },
    limits: { cpu: "500m", memory: "512Mi" },
  },
  /** Sees that they arrive. */
  copyCheck: {
    requests: { cpu: "10m", memory: "16Mi" },
    limits: { cpu: "100m", memory: "64Mi" },
  },
} as const satisfies Readonly<Record<string, Resources>>;

/** How many pods each part has. There is one filer only: its index of names lies on its own volume. */
export interface ObjectStoreReplicas {
  /** One, or a quorum of three. */
  readonly master: number;
  readonly volume: number;
  readonly filer: 1;
  readonly gateway: number;
}

/** The pods of each part, by size. */
export function objectStoreReplicas(size: Size): ObjectStoreReplicas {
  switch (size) {
    case "small":
      return { master: 1, volume: 1, filer: 1, gateway: 1 };
    case "medium":
      return { master: 3, volume: 3, filer: 1, gateway: 2 };
    case "large":
      return { master: 3, volume: 4, filer: 1, gateway: 3 };
    default:
      return size satisfies never;
  }
}

/** Volumes of the masters and of the filer: the filer needs about 1 GiB for some million names. */
export const indexVolumes = { master: "1Gi", filer: "5Gi" } as const;

/** What the object store's values make of its chart. */
export function objectStoreRendering(size: Size): Rendering<"seaweedfs"> {
  const replicas = objectStoreReplicas(size);
  const part = (name: "master" | "volume" | "filer") => ({
    replicas: replicas[name],
    containers: { seaweedfs: objectStoreResources[name] },
  });
  return {
    workloads: {
      "StatefulSet/seaweedfs-master": part("master"),
      "StatefulSet/seaweedfs-volume": part("volume"),
      "StatefulSet/seaweedfs-filer": part("filer"),
    },
  };
}

/** What the object store asks of the cluster. */
export function objectStoreBudget({ size, storage, copy }: Sized<ObjectStoreOptions>): Budget {
  const replicas = objectStoreReplicas(size);
  const pods = (count: number, { requests }: Resources) => Array.from({ length: count }, () => requests);
  // The chart claims no volumes by default, so that its lock has none to count.
  const volumes = (count: number, claimed: Required<Budget>["storage"]) =>
    Array.from({ length: count }, () => ({ cpu: "0", memory: "0Ki", storage: claimed }) as const);
  return sumOfBudgets(
    chartBudget("seaweedfs", objectStoreRendering(size)),
    ...pods(replicas.gateway, objectStoreResources.gateway),
    ...(copy === "none" ? [] : [objectStoreResources.copy.requests, objectStoreResources.copyCheck.requests]),
    ...volumes(replicas.master, indexVolumes.master),
    ...volumes(replicas.volume, storage),
    ...volumes(replicas.filer, indexVolumes.filer),
  );
}
