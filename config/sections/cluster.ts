import { z } from "zod";

import { privateCidrSchema } from "../addresses.ts";
import { text } from "../complaint.ts";
import { labelSchema } from "../names.ts";
import { cpuSchema, quantitySchema } from "../quantities.ts";

/** How pods of different nodes reach each other. */
export const clusterNetworks = ["flannel", "wireguard", "kilo"] as const;
/** How pods of different nodes reach each other. */
export type ClusterNetwork = (typeof clusterNetworks)[number];

/** A release of k3s. @example "v1.36.4+k3s1" */
export type K3sVersion = `v${string}+k3s${number}`;

/** The release that a new stack gets; Kubernetes 1.36 is what the rehearsal runs too. */
export const defaultK3sVersion: K3sVersion = "v1.36.4+k3s1";

const name = labelSchema
  .optional()
  .describe("the cluster's name in its hostnames, a DNS label; by default the stack's name");

/** A node as it is assumed to be when the program cannot look it up. */
export const nodeSizeSchema = {
  cpu: cpuSchema.describe("the number of CPUs of each node, for example 4"),
  memory: quantitySchema.describe("the memory of each node, for example 8Gi"),
  disk: quantitySchema.describe("the disk of each node, for example 40Gi"),
};

/** A cluster that runs already: found by kubeconfig, never created, changed or destroyed. */
const existing = z.strictObject({
  kind: z.literal("existing"),
  name,
  context: z
    .string()
    .min(1)
    .optional()
    .describe("the kubeconfig context of the cluster; by default the current one"),
  ingress: z
    .enum(["traefik", "install", "none"])
    .default("traefik")
    .describe(
      "the ingress controller: traefik (the cluster brings it along), install (the program installs Traefik) or none",
    ),
  // What a laptop with k3d, or a small managed cluster, has.
  nodes: z
    .strictObject({
      count: z.int().min(1).max(1000).default(3).describe("the number of nodes, for example 3"),
      cpu: nodeSizeSchema.cpu.default("4"),
      memory: nodeSizeSchema.memory.default("8Gi"),
      disk: nodeSizeSchema.disk.default("40Gi"),
      arch: z
        .enum(["amd64", "arm64"])
        .default("amd64")
        .describe("the processor architecture, amd64 or arm64"),
    })
    .prefault({})
    .describe("a map that describes the cluster's nodes: count, cpu, memory, disk, arch"),
});

/** A k3s cluster that the program creates on the stack's pools. */
const k3s = z.strictObject({
  kind: z.literal("k3s"),
  name,
  version: text<K3sVersion>(complainAboutVersion)
    .default(defaultK3sVersion)
    .describe(`the k3s release, for example ${defaultK3sVersion}`),
  network: z
    .enum(clusterNetworks)
    .optional()
    .describe(
      "the pod network: flannel (one private network), wireguard (a full mesh over public addresses) or kilo (WireGuard between regions)",
    ),
  podCidr: privateCidrSchema
    .default("10.42.0.0/16")
    .describe("the range of the pods' addresses, for example 10.42.0.0/16"),
  serviceCidr: privateCidrSchema
    .default("10.43.0.0/16")
    .describe("the range of the services' addresses, for example 10.43.0.0/16"),
});

function complainAboutVersion(version: string) {
  if (/^v1\.\d+\.\d+\+k3s\d+$/.test(version)) return undefined;
  const reason = "is not a k3s release.";
  const near = /^v?(1\.\d+\.\d+)(?:[+-]k3s(\d+))?$/.exec(version);
  return near
    ? { reason, suggestion: `v${near[1] ?? ""}+k3s${near[2] ?? "1"}` }
    : {
        reason,
        fix: `Write it like ${defaultK3sVersion}, with the full Kubernetes version and the k3s revision.`,
      };
}

/** The section `uap:cluster`. */
export const clusterSchema = z.discriminatedUnion("kind", [k3s, existing]);

/** A cluster that runs already. */
export type ExistingCluster = Named<z.output<typeof existing>>;
/** A k3s cluster that the program creates. */
export type K3sCluster = Named<Omit<z.output<typeof k3s>, "network">> & { readonly network: ClusterNetwork };
/** The cluster of the stack. */
export type Cluster = ExistingCluster | K3sCluster;

type Named<Section> = Omit<Section, "name"> & { readonly name: string };
