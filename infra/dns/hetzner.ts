import { getZone } from "@pulumi/hcloud/getZone.js";
import { ZoneRrset } from "@pulumi/hcloud/zoneRrset.js";
import type { Publication } from "./publication.ts";
import { relativeName } from "./records.ts";
import { findZone } from "./zone.ts";

/** Hetzner: one resource a name and type, with all its addresses; only a set has a TTL. The shortest is 60 s. */
export function publishToHetzner({ zone, ttl, records, parent }: Publication): void {
  const found = findZone("Hetzner", zone, getZone({ name: zone }, { parent }));
  for (const { name, type, answers } of records) {
    new ZoneRrset(
      `${name}-${type}`,
      {
        zone: found.apply(({ name: foundName }) => foundName ?? zone),
        name: relativeName(name, zone),
        type,
        ttl,
        records: answers.map(({ address }) => ({ value: address })),
      },
      { parent },
    );
  }
}
