import type { PriceList } from "../server-type.ts";

export const digitalocean: PriceList = {
  currency: "USD",
  asOf: "2026-11",
  source: "figures of third parties; names from the provider's schema of 2026-07-24",
  isConfirmed: false,
  basis: "Without VAT, with one IPv4 address; volumes, snapshots and traffic over the allowance come on top.",
  types: {
    "s-1vcpu-512mb-10gb": { vcpus: 1, memory: 0.5, disk: 10, arch: "amd64", monthly: 4 },
    "s-1vcpu-1gb": { vcpus: 1, memory: 1, disk: 25, arch: "amd64", monthly: 6 },
    "s-1vcpu-2gb": { vcpus: 1, memory: 2, disk: 50, arch: "amd64", monthly: 12 },
    "s-2vcpu-2gb": { vcpus: 2, memory: 2, disk: 60, arch: "amd64", monthly: 18 },
    "s-2vcpu-4gb": { vcpus: 2, memory: 4, disk: 80, arch: "amd64", monthly: 24 },
    "s-2vcpu-4gb-amd": { vcpus: 2, memory: 4, disk: 80, arch: "amd64" },
    "s-2vcpu-4gb-intel": { vcpus: 2, memory: 4, disk: 80, arch: "amd64" },
    "s-4vcpu-8gb": { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 48 },
    "s-4vcpu-8gb-amd": { vcpus: 4, memory: 8, disk: 160, arch: "amd64" },
    "s-4vcpu-8gb-intel": { vcpus: 4, memory: 8, disk: 160, arch: "amd64" },
    "s-8vcpu-16gb": { vcpus: 8, memory: 16, disk: 320, arch: "amd64", monthly: 96 },
    "s-8vcpu-16gb-amd": { vcpus: 8, memory: 16, disk: 320, arch: "amd64" },
    "s-8vcpu-16gb-intel": { vcpus: 8, memory: 16, disk: 320, arch: "amd64" },
    "c-2": { vcpus: 2, memory: 4, disk: 25, arch: "amd64" },
    "g-2vcpu-8gb": { vcpus: 2, memory: 8, disk: 25, arch: "amd64" },
    "m-2vcpu-16gb": { vcpus: 2, memory: 16, disk: 50, arch: "amd64" },
  },
  withdrawn: {},
};
