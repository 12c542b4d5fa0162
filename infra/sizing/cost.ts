import { clouds } from "../../config/regions.ts";
import type { CloudPool, OnPremPool, Pool } from "../../config/sections/pools.ts";
import { isSpot, nodeNames, volumeSize } from "../../config/sections/pools.ts";
import { alternatives } from "../../config/suggestions.ts";
import { monthlyPrice, priceLists, typeOf } from "./server-types.ts";
import type { Currency } from "./server-type.ts";
import { inCents } from "./server-type.ts";

/** What one pool costs. */
export interface PoolCost {
  readonly pool: string;
  readonly nodes: number;
  /** The server type; of machines of one's own, `own`. */
  readonly type: string;
  /** Price of one node a month, with its volume. @default unknown, or nothing for a machine of one's own */
  readonly each?: number;
  /** Price of all its nodes a month. */
  readonly monthly?: number;
  readonly currency?: Currency;
  /** When the price was read; a price that the configuration gives has no date. */
  readonly asOf?: string;
}

/** What the stack's servers and their volumes cost a month, without VAT. */
export interface Cost {
  /** By pool, in the configuration's order. */
  readonly rows: readonly PoolCost[];
  /** By currency, never converted; what has no known price is not in them. */
  readonly totals: readonly { readonly currency: Currency; readonly monthly: number }[];
  /** Pools of a cloud whose price nobody knows. */
  readonly unpriced: readonly string[];
  /** What to know about the prices; whole sentences. */
  readonly notes: readonly string[];
}

/** Adds up the prices of the pools' nodes; a price in the configuration is a whole node's, and goes before the price list's. */
export function costOf(pools: readonly Pool[]): Cost {
  const ownCurrency = currencyOfClouds(pools);
  const rows = pools.map((pool) => (pool.cloud === "on-prem" ? ownRow(pool, ownCurrency) : cloudRow(pool)));
  return {
    rows,
    totals: totalsOf(rows),
    unpriced: rows
      .filter(({ type, monthly }) => type !== own && monthly === undefined)
      .map(({ pool }) => pool),
    notes: notesOn(pools.filter((pool) => pool.cloud !== "on-prem")),
  };
}

/** Stands where the type of a machine that nobody rents out would stand. */
const own = "own";

function cloudRow(pool: CloudPool): PoolCost {
  const { asOf, currency } = priceLists[pool.cloud];
  const nodes = nodeNames(pool).length;
  const row = { pool: pool.name, nodes, type: pool.type };
  const said = pool.size?.monthly;
  if (said !== undefined) return { ...row, each: said, monthly: inCents(said * nodes), currency };
  const each = nodePrice(pool);
  return each === undefined ? row : { ...row, each, monthly: inCents(each * nodes), currency, asOf };
}

/** A server and its volume; unknown where one of the two is. */
function nodePrice(pool: CloudPool): number | undefined {
  const server = monthlyPrice(pool);
  const volume = volumePrice(pool);
  return server === undefined || volume === undefined ? undefined : inCents(server + volume);
}

/** A node's data disk: nothing when there is none, unknown where no price is known. */
function volumePrice(pool: CloudPool): number | undefined {
  const size = volumeSize(pool);
  if (size === undefined) return 0;
  const { regions, volume } = priceLists[pool.cloud];
  const isListed = regions === undefined || regions.includes(pool.region);
  return volume === undefined || !isListed ? undefined : inCents(volume * size);
}

/** Machines of one's own cost what the configuration says (power, a rack), or nothing. */
function ownRow(pool: OnPremPool, currency: Currency): PoolCost {
  const nodes = nodeNames(pool).length;
  const row = { pool: pool.name, nodes, type: own };
  const said = pool.size.monthly;
  return said === undefined ? row : { ...row, each: said, monthly: inCents(said * nodes), currency };
}

/** The currency of machines of one's own: that of the stack's first cloud, or else the euro. */
function currencyOfClouds(pools: readonly Pool[]): Currency {
  const first = pools.find((pool) => pool.cloud !== "on-prem");
  return first ? priceLists[first.cloud].currency : "EUR";
}

function totalsOf(rows: readonly PoolCost[]): Cost["totals"] {
  const sums = new Map<Currency, number>();
  for (const { currency, monthly } of rows) {
    if (currency !== undefined && monthly !== undefined)
      sums.set(currency, (sums.get(currency) ?? 0) + monthly);
  }
  return [...sums].map(([currency, monthly]) => ({ currency, monthly: inCents(monthly) }));
}

function notesOn(pools: readonly CloudPool[]): string[] {
  const names = new Set(pools.map(({ cloud }) => cloud));
  const soldOut = pools.filter((pool) => typeOf(pool)?.soldOut);
  return [
    ...[...names].map((cloud) => {
      const { basis, isConfirmed } = priceLists[cloud];
      const doubt = isConfirmed ? "" : " These are figures of third parties: look them up before you order.";
      return `${clouds[cloud].title}: ${basis}${doubt}`;
    }),
    ...soldOut.map(({ cloud, type }) => {
      const { asOf } = priceLists[cloud];
      return `${type} was sold out at ${clouds[cloud].title} on ${asOf}: see whether it can be ordered.`;
    }),
    ...pools.flatMap(volumeNote),
    ...spotNotes(pools),
    ...unknownPrices(pools),
  ];
}

/** How much of a pool's price its volumes are. */
function volumeNote(pool: CloudPool): string[] {
  const size = volumeSize(pool);
  const price = volumePrice(pool);
  if (size === undefined || price === undefined || pool.size?.monthly !== undefined) return [];
  const { currency } = priceLists[pool.cloud];
  return [
    `The price of each node of ${pool.name} holds ${price.toFixed(2)} ${currency} for its volume of ${size} GiB.`,
  ];
}

/** The market's price changes by the hour, so none is kept. */
function spotNotes(pools: readonly CloudPool[]): string[] {
  const names = pools
    .filter((pool) => isSpot(pool) && pool.size?.monthly === undefined)
    .map(({ name }) => name);
  return names.length === 0
    ? []
    : [
        `The servers of ${names.join(", ")} are bought at the spot market, as a rule for less than the price on demand that stands here.`,
      ];
}

function unknownPrices(pools: readonly CloudPool[]): string[] {
  const names = pools
    .filter((pool) => pool.size?.monthly === undefined && nodePrice(pool) === undefined)
    .map(({ name, region, type }) => `${name} (${type} in ${region})`);
  return names.length === 0
    ? []
    : [
        `No price is known for ${alternatives(names)}: the sum is without it. \`size.monthly\` of a pool gives one.`,
      ];
}
