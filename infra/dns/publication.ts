import type * as pulumi from "@pulumi/pulumi";
import type { DnsRecord } from "./records.ts";

/** What a file of this folder is told: it renders the records, and decides nothing. */
export interface Publication {
  /** The zone that holds the records; it exists already. */
  readonly zone: string;
  /** Seconds that resolvers may keep an answer. */
  readonly ttl: number;
  readonly records: readonly DnsRecord[];
  readonly parent: pulumi.Resource;
}
