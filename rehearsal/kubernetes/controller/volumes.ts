import type { KubernetesClient } from "../client.ts";
import type { KubernetesObject, Quantities } from "../objects.ts";

/** The fields of a PersistentVolumeClaim that matter here. */
export interface Claim extends KubernetesObject {
  readonly spec: {
    readonly accessModes: readonly string[];
    readonly resources: { readonly requests: Quantities };
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeName?: string;
  };
  readonly status?: { readonly phase?: string; readonly capacity?: Quantities };
}

/** The fields of a PersistentVolume that matter here. */
export interface Volume extends KubernetesObject {
  readonly spec: {
    readonly capacity: Quantities;
    readonly persistentVolumeReclaimPolicy?: string;
    readonly storageClassName?: string;
  };
  readonly status?: { readonly phase?: string };
}

/** The fields of a StorageClass that matter here. */
export interface StorageClass extends KubernetesObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: string;
  readonly mountOptions?: readonly string[];
}

/** Set by the controller manager once a volume is wanted: at once, or after the scheduler has chosen a node. */
const wantedProvisioner = "volume.kubernetes.io/storage-provisioner";
/** Set by the scheduler. */
const selectedNode = "volume.kubernetes.io/selected-node";
/** Set by us: the controller manager leaves the volume's end to whoever made it. */
const provisionedBy = "pv.kubernetes.io/provisioned-by";

const localPath = "rancher.io/local-path";
const volumes = "/api/v1/persistentvolumes";
const classes = "/apis/storage.k8s.io/v1/storageclasses";

/** Makes the volume that a claim waits for, or lets the volume that it has grow with it. */
export async function serveClaim(client: KubernetesClient, claim: Claim): Promise<void> {
  if (claim.metadata.deletionTimestamp !== undefined) return;
  if (claim.spec.volumeName === undefined) await provision(client, claim);
  else if (claim.status?.phase === "Bound") await expand(client, claim, claim.spec.volumeName);
}

/** Deletes a volume whose claim is gone, when its class says so. Once the class is gone its driver goes too, and the volume stays for ever. */
export async function reclaimVolume(client: KubernetesClient, volume: Volume): Promise<void> {
  const isOurs = volume.metadata.annotations?.[provisionedBy] !== undefined;
  const isOver = volume.status?.phase === "Released" && volume.metadata.deletionTimestamp === undefined;
  if (!isOurs || !isOver || volume.spec.persistentVolumeReclaimPolicy !== "Delete") return;
  await client.request("GET", `${classes}/${volume.spec.storageClassName ?? ""}`);
  await client.request("DELETE", `${volumes}/${volume.metadata.name}`);
}

async function provision(client: KubernetesClient, claim: Claim): Promise<void> {
  const provisioner = claim.metadata.annotations?.[wantedProvisioner];
  if (provisioner === undefined || claim.spec.storageClassName === undefined) return;
  const path = `${classes}/${claim.spec.storageClassName}`;
  const storageClass = (await client.request("GET", path)) as StorageClass;
  const refusal = refusalOf(storageClass, claim);
  if (refusal === undefined) await client.request("POST", volumes, { body: volumeFor(claim, storageClass) });
  else await reportFailure(client, claim, provisioner, refusal);
}

/** Why the real provisioner would not make a volume for this claim. */
export function refusalOf(storageClass: StorageClass, claim: Claim): string | undefined {
  if (storageClass.provisioner !== localPath) return undefined;
  const unfit = claim.spec.accessModes.find(
    (mode) => mode !== "ReadWriteOnce" && mode !== "ReadWriteOncePod",
  );
  return unfit === undefined
    ? undefined
    : `${localPath} makes volumes for one node only: access mode ${unfit} needs another storage class`;
}

/** The volume that a claim gets, bound to it in advance. */
export function volumeFor(
  claim: Claim,
  storageClass: StorageClass,
): KubernetesObject & { readonly spec: object } {
  const { name, namespace, uid = "" } = claim.metadata;
  const node =
    storageClass.provisioner === localPath ? claim.metadata.annotations?.[selectedNode] : undefined;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: `pvc-${uid}`,
      annotations: { [provisionedBy]: storageClass.provisioner },
    },
    spec: {
      capacity: { storage: claim.spec.resources.requests.storage },
      accessModes: claim.spec.accessModes,
      volumeMode: claim.spec.volumeMode ?? "Filesystem",
      storageClassName: storageClass.metadata.name,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      mountOptions: storageClass.mountOptions,
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
      hostPath: { path: `/var/lib/rancher/k3s/storage/pvc-${uid}`, type: "DirectoryOrCreate" },
      ...(node === undefined ? {} : { nodeAffinity: onNode(node) }),
    },
  };
}

function onNode(node: string): object {
  const hostname = { key: "kubernetes.io/hostname", operator: "In", values: [node] };
  return { required: { nodeSelectorTerms: [{ matchExpressions: [hostname] }] } };
}

/** The API server has already refused every change of size that the storage class does not allow. */
async function expand(client: KubernetesClient, claim: Claim, volumeName: string): Promise<void> {
  const wanted = claim.spec.resources.requests.storage;
  if (wanted === undefined || wanted === claim.status?.capacity?.storage) return;
  const volume = (await client.request("GET", `${volumes}/${volumeName}`)) as Volume;
  // A volume that a person made may well be larger than its claim.
  if (volume.metadata.annotations?.[provisionedBy] === undefined) return;
  const patch = { contentType: "application/merge-patch+json" };
  const capacity = { storage: wanted };
  await client.request("PATCH", `${volumes}/${volumeName}`, { ...patch, body: { spec: { capacity } } });
  await client.request("PATCH", `${claimPath(claim)}/status`, { ...patch, body: { status: { capacity } } });
}

async function reportFailure(
  client: KubernetesClient,
  claim: Claim,
  provisioner: string,
  message: string,
): Promise<void> {
  const { name, namespace = "default", uid = "" } = claim.metadata;
  const now = new Date().toISOString();
  await client.request("POST", `/api/v1/namespaces/${namespace}/events`, {
    body: {
      apiVersion: "v1",
      kind: "Event",
      // One name a claim: said once, however often the claim is looked at.
      metadata: { name: `${name}.${uid}`, namespace },
      involvedObject: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
      type: "Warning",
      reason: "ProvisioningFailed",
      message,
      source: { component: provisioner },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    },
  });
}

function claimPath(claim: Claim): string {
  const { name, namespace = "default" } = claim.metadata;
  return `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`;
}
