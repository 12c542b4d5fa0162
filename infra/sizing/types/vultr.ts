import type { PriceList } from "../server-type.ts";

export const vultr: PriceList = {
  currency: "USD",
  asOf: "2026-09-25",
  source:
    "lists of `vultr-cli plans list` that third parties published; names and prices up to 4 GiB as of 2026-09-25",
  isConfirmed: false,
  basis: "Without VAT, with one IPv4 address; volumes, snapshots and traffic over the allowance come on top.",
  types: {
    "vc2-1c-1gb": { vcpus: 1, memory: 1, disk: 25, arch: "amd64", monthly: 5 },
    "vc2-1c-2gb": { vcpus: 1, memory: 2, disk: 55, arch: "amd64", monthly: 10 },
    "vc2-2c-2gb": { vcpus: 2, memory: 2, disk: 65, arch: "amd64", monthly: 15 },
    "vc2-2c-4gb": { vcpus: 2, memory: 4, disk: 80, arch: "amd64", monthly: 20 },
    "vc2-4c-8gb": { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 40 },
    "vc2-6c-16gb": { vcpus: 6, memory: 16, disk: 320, arch: "amd64", monthly: 80 },
    "vc2-8c-32gb": { vcpus: 8, memory: 32, disk: 640, arch: "amd64", monthly: 160 },
    "vhf-2c-4gb": { vcpus: 2, memory: 4, disk: 128, arch: "amd64", monthly: 24 },
    "vhf-3c-8gb": { vcpus: 3, memory: 8, disk: 256, arch: "amd64", monthly: 48 },
    "vhf-4c-16gb": { vcpus: 4, memory: 16, disk: 384, arch: "amd64", monthly: 96 },
    "vhp-2c-4gb-amd": { vcpus: 2, memory: 4, disk: 100, arch: "amd64", monthly: 24 },
    "vhp-2c-4gb-intel": { vcpus: 2, memory: 4, disk: 100, arch: "amd64", monthly: 24 },
    "vhp-4c-8gb-amd": { vcpus: 4, memory: 8, disk: 180, arch: "amd64", monthly: 48 },
    "vhp-4c-8gb-intel": { vcpus: 4, memory: 8, disk: 180, arch: "amd64", monthly: 48 },
    "vhp-4c-12gb-amd": { vcpus: 4, memory: 12, disk: 260, arch: "amd64", monthly: 72 },
    "vhp-4c-12gb-intel": { vcpus: 4, memory: 12, disk: 260, arch: "amd64", monthly: 72 },
    "voc-g-2c-8gb-50s-amd": { vcpus: 2, memory: 8, disk: 50, arch: "amd64", monthly: 60 },
    "voc-g-4c-16gb-80s-amd": { vcpus: 4, memory: 16, disk: 80, arch: "amd64", monthly: 120 },
  },
  withdrawn: {},
};
