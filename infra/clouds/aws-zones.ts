import type { Cidr } from "../../config/addresses.ts";
import { partOf } from "../../config/ipv4-ranges.ts";

/** Zones that the nodes of a pool take turns over at AWS, so that three control planes are in three. */
export const zonesInTurn = 3;

/** The subnets of a private network, one in each zone: its first three quarters. @throws RangeError when the range is too small to be split */
export function zoneRanges(privateCidr: Cidr): readonly Cidr[] {
  return Array.from({ length: zonesInTurn }, (_, index) => partOf(privateCidr, 2, index));
}

/**
 * Which of the subnets a node is in. Since that follows from the node's place in its pool alone, no server ever moves.
 *
 * @param index the node's place in its pool, from 0 on
 */
export function zoneIndex(index: number): number {
  return index % zonesInTurn;
}

/** The zone of a subnet, of those that a region has: an account may have two of them. */
export function zoneInTurn(zones: readonly string[] | string, index: number): string | undefined {
  return zones[index % Math.min(zones.length, zonesInTurn)];
}
