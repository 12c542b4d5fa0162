import { DomainRecord } from "@pulumi/linode/domainRecord.js";
import { getDomain } from "@pulumi/linode/getDomain.js";
import type { Publication } from "./publication.ts";
import { answerName, relativeName } from "./records.ts";
import { findZone } from "./zone.ts";

/** The TTLs up to a day that Linode knows, in seconds; it would round others by itself, and every preview would show a change. */
const knownTtls = [30, 120, 300, 3600, 7200, 14_400, 28_800, 57_600, 86_400];

/** Linode: one resource an address, under its name inside the zone. */
export function publishToLinode({ zone, ttl, records, parent }: Publication): void {
  const found = findZone("Linode", zone, getDomain({ domain: zone }, { parent }));
  for (const record of records) {
    for (const answer of record.answers) {
      new DomainRecord(
        answerName(record, answer),
        {
          domainId: found.apply(({ id }) => Number(id)),
          name: relativeName(record.name, zone),
          recordType: record.type,
          target: answer.address,
          ttlSec: knownTtls.find((known) => known >= ttl) ?? ttl,
        },
        { parent },
      );
    }
  }
}
