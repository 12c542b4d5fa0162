import { DnsRecord } from "@pulumi/digitalocean/dnsRecord.js";
import { getDomain } from "@pulumi/digitalocean/getDomain.js";
import type { Publication } from "./publication.ts";
import { answerName, relativeName } from "./records.ts";
import { findZone } from "./zone.ts";

/** DigitalOcean: one resource an address, under its name inside the zone. The shortest TTL is 30 s. */
export function publishToDigitalOcean({ zone, ttl, records, parent }: Publication): void {
  const found = findZone("DigitalOcean", zone, getDomain({ name: zone }, { parent }));
  for (const record of records) {
    for (const answer of record.answers) {
      new DnsRecord(
        answerName(record, answer),
        {
          domain: found.name,
          name: relativeName(record.name, zone),
          type: record.type,
          value: answer.address,
          ttl,
        },
        { parent },
      );
    }
  }
}
