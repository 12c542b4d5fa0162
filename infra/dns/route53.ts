import { getZone } from "@pulumi/aws/route53/getZone.js";
import { Record as ResourceRecordSet } from "@pulumi/aws/route53/record.js";
import type { Publication } from "./publication.ts";
import { findZone } from "./zone.ts";

/** Amazon Route 53: one resource a name and type, with all its addresses, in the public zone. Any TTL is allowed. */
export function publishToRoute53({ zone, ttl, records, parent }: Publication): void {
  const found = findZone("Route 53", zone, getZone({ name: zone, privateZone: false }, { parent }));
  for (const { name, type, answers } of records) {
    new ResourceRecordSet(
      `${name}-${type}`,
      { zoneId: found.zoneId, name, type, ttl, records: answers.map(({ address }) => address) },
      { parent },
    );
  }
}
