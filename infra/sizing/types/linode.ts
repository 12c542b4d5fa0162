import type { PriceList } from "../server-type.ts";

export const linode: PriceList = {
  currency: "USD",
  asOf: "2026-11",
  source: "figures of third parties",
  isConfirmed: false,
  basis: "Without VAT, with one IPv4 address; volumes, backups and traffic over the allowance come on top.",
  types: {
    "g6-nanode-1": { vcpus: 1, memory: 1, disk: 25, arch: "amd64", monthly: 5 },
    "g6-standard-1": { vcpus: 1, memory: 2, disk: 50, arch: "amd64", monthly: 12 },
    "g6-standard-2": { vcpus: 2, memory: 4, disk: 80, arch: "amd64", monthly: 24 },
    "g6-standard-4": { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 48 },
    "g6-standard-6": { vcpus: 6, memory: 16, disk: 320, arch: "amd64", monthly: 96 },
  },
  withdrawn: {},
};
