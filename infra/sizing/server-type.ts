import type { Architecture } from "../../config/sections/pools.ts";

/** A currency of the clouds' prices; sums are never converted. */
export type Currency = "EUR" | "USD";

/** A server type as a cloud sells it. */
export interface ServerType {
  readonly vcpus: number;
  /** GiB. */
  readonly memory: number;
  /** GB that come with the server. @default the disk is ordered apart, see {@link orderedDisk} */
  readonly disk?: number;
  readonly arch: Architecture;
  /** Price a month where the price list holds, without VAT and address. @default unknown */
  readonly monthly?: number;
  /** The same in regions with prices of their own. @default none */
  readonly monthlyIn?: Readonly<Record<string, number>>;
  /** Regions that sell it. @default all of the cloud */
  readonly soldIn?: readonly string[];
  /** Whether the cloud had none left when the price list was read. @default false */
  readonly soldOut?: boolean;
}

/** A server type that can be ordered no more. */
export type WithdrawnType = Pick<ServerType, "vcpus" | "memory" | "arch">;

/** What a cloud sells, as of one day. */
export interface PriceList {
  readonly currency: Currency;
  /** Day or month in which the prices were read, ISO 8601. */
  readonly asOf: string;
  /** Where the figures come from. */
  readonly source: string;
  /** Whether they come from the cloud itself; else a third party tells them. */
  readonly isConfirmed: boolean;
  /** What a price holds, and what comes on top; a sentence. */
  readonly basis: string;
  /** Regions for which `monthly` holds. @default all */
  readonly regions?: readonly string[];
  /** A month of the public IPv4 address that every server gets, when it is sold apart. @default part of the price, or unknown */
  readonly publicIpv4?: number;
  /** A month of one GiB of a data disk, in `regions`. @default the cloud has no volumes here */
  readonly volume?: number;
  /** By name, smallest first within a family. */
  readonly types: Readonly<Record<string, ServerType>>;
  /** Types that old configurations still name. */
  readonly withdrawn: Readonly<Record<string, WithdrawnType>>;
}

/** GB of the disk that is ordered for a server whose type has none: the least that a worker of the whole platform wants. */
export const orderedDisk = 100;

/** Hours by which clouds that bill by the hour reckon a month. */
const hoursOfMonth = 730;

/** The price of a month at a price by the hour. */
export function perHour(price: number): number {
  return inCents(price * hoursOfMonth);
}

/** An amount of money without the dust of floating-point sums. */
export function inCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
