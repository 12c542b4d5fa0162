import { DnsRecord } from "@pulumi/cloudflare/dnsRecord.js";
import { getZone } from "@pulumi/cloudflare/getZone.js";
import type { Publication } from "./publication.ts";
import { answerName } from "./records.ts";
import { findZone } from "./zone.ts";

/** Cloudflare: one resource an address, under its whole name. The shortest TTL is 60 s. */
export function publishToCloudflare({ zone, ttl, records, parent }: Publication): void {
  const found = findZone("Cloudflare", zone, getZone({ filter: { name: zone } }, { parent }));
  for (const record of records) {
    for (const answer of record.answers) {
      new DnsRecord(
        answerName(record, answer),
        {
          zoneId: found.zoneId,
          name: record.name,
          type: record.type,
          content: answer.address,
          ttl,
          // Cloudflare's proxy would carry neither the Kubernetes API nor WireGuard.
          proxied: false,
        },
        { parent },
      );
    }
  }
}
