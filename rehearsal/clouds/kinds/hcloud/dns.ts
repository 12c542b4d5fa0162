import { checkTtl, relativeRecord } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { allOf, find, objects, text, type CloudsState, type Values } from "../../inventory.ts";
import type { DnsRecord, Kind } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { numeric, protectedResource } from "./identity.ts";
import { titles } from "./titles.ts";

export const zone: Kind = {
  title: titles.zone,
  id: numeric,
  unique: byName,
  held: protectedResource,
  owns: (zone, other) =>
    other.kind === "zoneRrset" && text(other.inputs, "zone") === text(zone.inputs, "name"),
};

export const zoneRrset: Kind = {
  title: titles.zoneRrset,
  id: ({ inputs }) => recordId(inputs),
  unique: recordId,
  check: ({ inputs, others }) => {
    const zone = text(inputs, "zone");
    const zones = allOf(others, "hcloud", "zone");
    if (!zones.some((found) => found.id === zone || text(found.inputs, "name") === zone)) {
      throw invalid(`There is no DNS zone "${zone}" in the project: create it, or correct uap:dns.zone.`);
    }
    checkTtl(inputs, 60);
  },
  held: ({ inputs }) => (inputs.changeProtection === true ? "is protected against changes." : undefined),
};

function recordId(inputs: Values): string {
  return `${text(inputs, "zone")}/${text(inputs, "name")}/${text(inputs, "type")}`;
}

/** Records name their zone by its id or its name. */
function zoneName(state: CloudsState, zone: string): string {
  const found = find(state, "hcloud", "zone", zone);
  return found === undefined ? zone : text(found.inputs, "name");
}

export function recordsOf(state: CloudsState): readonly DnsRecord[] {
  return allOf(state, "hcloud", "zoneRrset").map(({ inputs }) => ({
    name: relativeRecord(text(inputs, "name"), zoneName(state, text(inputs, "zone"))),
    type: text(inputs, "type"),
    values: objects(inputs, "records").map((record) => text(record, "value")),
  }));
}
