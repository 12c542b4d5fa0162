/** DNS as the simulated services have it. */
import { allOf, simulatedClouds, text, type CloudsState } from "./inventory.ts";
import type { DnsRecord } from "./kind.ts";
import { rules } from "./kinds/index.ts";

/**
 * What the DNS answers for a name: the addresses of its A records, found through CNAMEs and wildcards.
 *
 * @returns an empty list when there are none.
 */
export function resolveName(name: string, state: CloudsState): readonly string[] {
  const records = Object.values(rules).flatMap(({ records: of }) => of?.(state) ?? []);
  return follow(name, records, 8);
}

/** Whether a name is in a zone of the simulated services, so that nobody else knows what it stands for. */
export function hasZoneOf(name: string, state: CloudsState): boolean {
  const wanted = name.toLowerCase().replace(/\.$/, "");
  return simulatedClouds.some((cloud) => {
    const { zone } = rules[cloud];
    if (zone === undefined) return false;
    return allOf(state, cloud, zone.kind).some((resource) => {
      const domain = text(resource.inputs, zone.input).toLowerCase().replace(/\.$/, "");
      return wanted === domain || wanted.endsWith(`.${domain}`);
    });
  });
}

/** @param depth how many CNAMEs may follow each other. */
function follow(name: string, records: readonly DnsRecord[], depth: number): readonly string[] {
  if (depth === 0) return [];
  const found = closest(name.toLowerCase().replace(/\.$/, ""), records);
  return found.flatMap(({ type, values }) => {
    if (type === "A") return values;
    return type === "CNAME" ? values.flatMap((target) => follow(target, records, depth - 1)) : [];
  });
}

/** The records of the name itself, or else of the nearest wildcard above it. A name with any record hides wildcards. */
function closest(name: string, records: readonly DnsRecord[]): readonly DnsRecord[] {
  const own = records.filter((record) => record.name === name);
  if (own.length > 0) return own;
  // A name that exists because something stands below it has no records, and hides wildcards too (RFC 4592 §2.2.2).
  if (records.some((record) => record.name.endsWith(`.${name}`))) return [];
  const labels = name.split(".");
  for (let depth = 1; depth < labels.length; depth++) {
    const parent = labels.slice(depth).join(".");
    const wild = records.filter((record) => record.name === `*.${parent}`);
    if (wild.length > 0) return wild;
    // A name that exists, or that something stands below, ends the search (RFC 4592 §3.3.1).
    if (records.some((record) => record.name === parent || record.name.endsWith(`.${parent}`))) return [];
  }
  return [];
}
