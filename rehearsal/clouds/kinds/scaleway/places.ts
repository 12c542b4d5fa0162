/** Zones and regions, and ids that begin with them. */
import { regions } from "../../../../config/regions.ts";
import { checkOneOf } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { uuid } from "../../identifiers.ts";
import { text, type CloudResource, type Values } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";

/** Ids such as `fr-par-1/11111111-…`. */
export const zonal: Kind["id"] = ({ inputs, digits }) => `${zoneOf(inputs)}/${uuid(digits)}`;

/** Ids such as `fr-par/11111111-…`. */
export const regional: Kind["id"] = ({ inputs, digits }) => `${regionOf(inputs)}/${uuid(digits)}`;

/** The resource's zone, or else the provider's own. */
export function zoneOf(inputs: Values): string {
  return text(inputs, "zone") || "fr-par-1";
}

/** The resource's region, or else the provider's own. */
export function regionOf(inputs: Values): string {
  return text(inputs, "region") || "fr-par";
}

/** The region that a zone is in. */
export function regionOfZone(zone: string): string {
  return zone.replace(/-\d+$/, "");
}

/** @throws CloudError when there is no such zone. */
export function checkZone(inputs: Values): void {
  checkOneOf("zone", zoneOf(inputs), regions.scaleway);
}

/** @throws CloudError when there is no such region. */
export function checkRegion(inputs: Values): void {
  checkOneOf("region", regionOf(inputs), regions.scaleway.map(regionOfZone));
}

/** @throws CloudError when something is in another zone or region than it must be. */
export function checkPlace({ id }: CloudResource, title: string, place: string): void {
  const [own = ""] = id.split("/");
  if (own !== place) throw invalid(`The ${title} is in ${own}, but must be in ${place}.`);
}
