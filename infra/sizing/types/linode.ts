import { regions } from "../../../config/regions.ts";
import type { PriceList } from "../server-type.ts";

/** Jakarta and São Paulo have higher prices, which are not listed here. */
const dearRegions = ["id-cgk", "br-gru"];

export const linode: PriceList = {
  currency: "USD",
  asOf: "2026-11",
  source:
    "Linode's own guides for g6-standard-2, g6-dedicated-2 and g6-nanode-1; the others are figures of third parties",
  isConfirmed: false,
  basis: "Without VAT, with one IPv4 address; volumes, backups and traffic over the allowance come on top.",
  regions: regions.linode.filter((region) => !dearRegions.includes(region)),
  types: {
    "g6-nanode-1": { vcpus: 1, memory: 1, disk: 25, arch: "amd64", monthly: 5 },
    "g6-standard-1": { vcpus: 1, memory: 2, disk: 50, arch: "amd64", monthly: 12 },
    "g6-standard-2": { vcpus: 2, memory: 4, disk: 80, arch: "amd64", monthly: 24 },
    "g6-standard-4": { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 48 },
    "g6-standard-6": { vcpus: 6, memory: 16, disk: 320, arch: "amd64", monthly: 96 },
    "g6-standard-8": { vcpus: 8, memory: 32, disk: 640, arch: "amd64", monthly: 192 },
    "g6-dedicated-2": { vcpus: 2, memory: 4, disk: 80, arch: "amd64", monthly: 36 },
    "g6-dedicated-4": { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 72 },
    "g6-dedicated-8": { vcpus: 8, memory: 16, disk: 320, arch: "amd64", monthly: 144 },
    // Sold in some regions only, at a price by region; its traffic is charged from the first byte.
    "g8-dedicated-8-2": { vcpus: 2, memory: 8, disk: 82, arch: "amd64" },
  },
  withdrawn: {},
};
