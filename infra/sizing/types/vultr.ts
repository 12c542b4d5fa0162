import type { PriceList } from "../server-type.ts";

export const vultr: PriceList = {
  currency: "USD",
  asOf: "2026-11",
  source: "figures of third parties",
  isConfirmed: false,
  basis: "Without VAT, with one IPv4 address; volumes, snapshots and traffic over the allowance come on top.",
  types: {
    "vc2-1c-1gb": { vcpus: 1, memory: 1, disk: 25, arch: "amd64", monthly: 5 },
    "vc2-1c-2gb": { vcpus: 1, memory: 2, disk: 55, arch: "amd64", monthly: 10 },
    "vc2-2c-4gb": { vcpus: 2, memory: 4, disk: 80, arch: "amd64", monthly: 20 },
    "vc2-4c-8gb": { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 40 },
    "vc2-6c-16gb": { vcpus: 6, memory: 16, disk: 320, arch: "amd64", monthly: 80 },
    "vhp-2c-4gb-amd": { vcpus: 2, memory: 4, disk: 100, arch: "amd64" },
  },
  withdrawn: {},
};
