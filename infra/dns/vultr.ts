import { DnsRecord } from "@ediri/vultr/dnsRecord.js";
import { getDnsDomain } from "@ediri/vultr/getDnsDomain.js";
import type { Publication } from "./publication.ts";
import { answerName, relativeName } from "./records.ts";
import { findZone } from "./zone.ts";

/** Seconds: no shortest TTL of Vultr was found in its documentation; this is a cautious guess. */
const shortestTtl = 120;

/** Vultr: one resource an address, under its name inside the zone. */
export function publishToVultr({ zone, ttl, records, parent }: Publication): void {
  const found = findZone("Vultr", zone, getDnsDomain({ domain: zone }, { parent }));
  for (const record of records) {
    for (const answer of record.answers) {
      new DnsRecord(
        answerName(record, answer),
        {
          domain: found.domain,
          name: relativeName(record.name, zone),
          type: record.type,
          data: answer.address,
          ttl: Math.max(ttl, shortestTtl),
        },
        { parent },
      );
    }
  }
}
