import type { z } from "zod";

import { domainSchema } from "../names.ts";
import { accessSchema } from "./access.ts";
import { acmeSchema } from "./acme.ts";
import { backupSchema } from "./backup.ts";
import { chartsSchema } from "./charts.ts";
import { clusterSchema } from "./cluster.ts";
import { dnsSchema } from "./dns.ts";
import { networkSchema } from "./network.ts";
import { platformSchema } from "./platform.ts";
import type { PoolInput } from "./pools.ts";
import { protectSchema } from "./protect.ts";
import { storageSchema } from "./storage.ts";

/** The schema of each section, in the order in which mistakes are told; `pools` is read entry by entry. */
export const sectionSchemas = {
  domain: domainSchema
    .optional()
    .describe("the domain under which the cluster's hosts are published, such as example.org"),
  cluster: clusterSchema.describe("a map that says what the cluster is"),
  network: networkSchema.describe("a map of address ranges"),
  dns: dnsSchema.describe("a map with provider, zone and ttl"),
  acme: acmeSchema.describe("a map with issuer and email"),
  access: accessSchema.describe("a map with sshKeys, operatorCidrs and users"),
  backup: backupSchema.describe("a map with etcd and s3"),
  charts: chartsSchema.describe("a map with source and mirror"),
  storage: storageSchema.describe("a map with block, shared, local and others"),
  platform: platformSchema.describe("a map with preset, size and systems"),
  protect: protectSchema,
} as const;

/** What a section is read as when the stack does not have it. */
export const emptySections: Readonly<Record<SectionName, unknown>> = {
  domain: undefined,
  cluster: {},
  network: {},
  dns: { provider: "none" },
  acme: {},
  access: {},
  backup: {},
  charts: { source: "upstream" },
  storage: {},
  platform: {},
  protect: undefined,
};

/** The name of a section that one schema reads. */
export type SectionName = keyof typeof sectionSchemas;

/** The keys of the project's namespace, in the order in which mistakes are told. */
export const sectionNames: readonly string[] = [
  "domain",
  "cluster",
  "pools",
  ...Object.keys(sectionSchemas).slice(2),
];

/** All sections as they were read, before the defaults that depend on other sections. */
export type Sections = { readonly [Name in SectionName]: z.output<(typeof sectionSchemas)[Name]> } & {
  /** The pools that could be read, with their place in the list. */
  readonly pools: readonly PoolEntry[];
  /** The sections that the stack has. */
  readonly given: ReadonlySet<string>;
};

/** A pool and its place in the list. */
export interface PoolEntry {
  readonly index: number;
  readonly pool: PoolInput;
}
