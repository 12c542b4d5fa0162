import type { Complaint } from "../../config/complaint.ts";
import type { CloudName } from "../../config/regions.ts";
import { clouds } from "../../config/regions.ts";
import type { CloudPool } from "../../config/sections/pools.ts";
import { alternatives, closest } from "../../config/suggestions.ts";
import { inCents } from "./server-type.ts";
import type { PriceList, ServerType, WithdrawnType } from "./server-type.ts";
import { aws } from "./types/aws.ts";
import { digitalocean } from "./types/digitalocean.ts";
import { hetzner } from "./types/hetzner.ts";
import { linode } from "./types/linode.ts";
import { scaleway } from "./types/scaleway.ts";
import { vultr } from "./types/vultr.ts";

/** What each cloud sells. */
export const priceLists: Readonly<Record<CloudName, PriceList>> = {
  hetzner,
  digitalocean,
  aws,
  vultr,
  linode,
  scaleway,
};

/** A server type with its name. */
interface Offer extends ServerType {
  readonly name: string;
}

/** The type that a pool orders; unknown when only the cloud knows it. */
export function typeOf({ cloud, type }: Pick<CloudPool, "cloud" | "type">): ServerType | undefined {
  const { types } = priceLists[cloud];
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

/** What a server of a type costs a month in a region, with its public address; unknown when no price is known there. */
export function monthlyPrice({
  cloud,
  region,
  type,
}: Pick<CloudPool, "cloud" | "region" | "type">): number | undefined {
  const server = typeOf({ cloud, type });
  return server && priceOf(server, cloud, region);
}

/**
 * What keeps a pool's type from being ordered: the cloud withdrew it, does not sell it in the region, or the program does not know
 * it. A type whose size the configuration gives is taken as it is.
 */
export function complainAboutType(pool: CloudPool): Complaint | undefined {
  // The type becomes a label of the node.
  if (!/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(pool.type))
    return {
      reason: "cannot be a server type's name.",
      fix: `Write it like ${clouds[pool.cloud].exampleType}.`,
    };
  if (pool.size) return undefined;
  const { title } = clouds[pool.cloud];
  const known = typeOf(pool);
  if (known) return complainAboutRegion(pool, known);
  const { withdrawn } = priceLists[pool.cloud];
  const former = Object.hasOwn(withdrawn, pool.type) ? withdrawn[pool.type] : undefined;
  if (former) {
    return {
      reason: `was withdrawn by ${title}; it had ${sizeText(former)}.`,
      fix: `Take ${nearestTypes(pool, former)}. For servers of it that run already, give \`size\` with their cpu, memory and disk.`,
    };
  }
  const near = closest(
    pool.type,
    offersIn(pool).map(({ name }) => name),
  );
  const example = "`size: { cpu: 4, memory: 8Gi, disk: 80Gi }`";
  return {
    reason: `is no server type of ${title} that the program knows.`,
    fix:
      near === undefined
        ? `Give its size too, such as ${example}.`
        : `Did you mean "${near}"? If not, give its size too, such as ${example}.`,
  };
}

function complainAboutRegion(pool: CloudPool, known: ServerType): Complaint | undefined {
  const { soldIn } = known;
  if (soldIn === undefined || soldIn.includes(pool.region)) return undefined;
  return {
    reason: `is not sold in ${pool.region}, only in ${soldIn.join(", ")}.`,
    fix: `Take ${nearestTypes(pool, known)}.`,
  };
}

/** The type nearest in vCPU and memory that can be ordered today, and the cheapest that is at least as big when that costs less. */
export function nearestTypes(
  { cloud, region }: Pick<CloudPool, "cloud" | "region">,
  wanted: WithdrawnType,
): string {
  const offers = offersIn({ cloud, region }).filter(({ arch, soldOut }) => arch === wanted.arch && !soldOut);
  const price = (offer: ServerType) => priceOf(offer, cloud, region) ?? Infinity;
  const byPrice = offers.toSorted((left, right) => price(left) - price(right));
  const nearest = byPrice.toSorted((left, right) => distance(left, wanted) - distance(right, wanted))[0];
  const enough = byPrice.find(({ vcpus, memory }) => vcpus >= wanted.vcpus && memory >= wanted.memory);
  const chosen = [nearest, enough && nearest && price(enough) < price(nearest) ? enough : undefined];
  return alternatives(
    chosen
      .filter((offer) => offer !== undefined)
      .map((offer) => offerText(offer, price(offer), priceLists[cloud])),
  );
}

/** How often one has to double vCPU or memory to come from one size to the other. */
function distance(left: WithdrawnType, right: WithdrawnType): number {
  const doublings = (a: number, b: number) => Math.abs(Math.log2(a / b));
  return doublings(left.vcpus, right.vcpus) + doublings(left.memory, right.memory);
}

function offersIn({ cloud, region }: Pick<CloudPool, "cloud" | "region">): Offer[] {
  return Object.entries(priceLists[cloud].types)
    .map(([name, type]) => ({ name, ...type }))
    .filter(({ soldIn }) => soldIn === undefined || soldIn.includes(region));
}

function priceOf(server: ServerType, cloud: CloudName, region: string): number | undefined {
  const { regions, publicIpv4 = 0 } = priceLists[cloud];
  const isListed = regions === undefined || regions.includes(region);
  const monthly = server.monthlyIn?.[region] ?? (isListed ? server.monthly : undefined);
  return monthly === undefined ? undefined : inCents(monthly + publicIpv4);
}

function offerText(offer: Offer, price: number, { currency }: PriceList): string {
  const costs = Number.isFinite(price) ? `, ${price.toFixed(2)} ${currency} a month` : "";
  return `${offer.name} (${sizeText(offer)}${costs})`;
}

function sizeText({ vcpus, memory }: WithdrawnType): string {
  return `${vcpus} vCPU, ${memory} GiB`;
}
