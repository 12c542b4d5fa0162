import type { PriceList } from "../server-type.ts";

export const scaleway: PriceList = {
  currency: "EUR",
  asOf: "2026-08-14",
  source: "Scaleway's catalogue API, fr-par-1",
  isConfirmed: true,
  basis: "Without VAT; the IPv4 address, and the disk of types without one, come on top.",
  regions: ["fr-par-1"],
  types: {
    "DEV1-S": { vcpus: 2, memory: 2, disk: 20, arch: "amd64", monthly: 6.55 },
    "DEV1-M": { vcpus: 3, memory: 4, disk: 40, arch: "amd64", monthly: 14.74 },
    "DEV1-L": { vcpus: 4, memory: 8, disk: 80, arch: "amd64", monthly: 31.27 },
    "PLAY2-PICO": { vcpus: 1, memory: 2, arch: "amd64", monthly: 10.42 },
    "PLAY2-NANO": { vcpus: 2, memory: 4, arch: "amd64", monthly: 20.1 },
    "PLAY2-MICRO": { vcpus: 4, memory: 8, arch: "amd64", monthly: 40.21 },
    "PRO2-XXS": { vcpus: 2, memory: 8, arch: "amd64", monthly: 40.95 },
    "PRO2-XS": { vcpus: 4, memory: 16, arch: "amd64", monthly: 81.91 },
    "POP2-2C-8G": { vcpus: 2, memory: 8, arch: "amd64", monthly: 53.65 },
    "POP2-4C-16G": { vcpus: 4, memory: 16, arch: "amd64", monthly: 107.31 },
    "POP2-8C-32G": { vcpus: 8, memory: 32, arch: "amd64", monthly: 211.7 },
  },
  withdrawn: {},
};
