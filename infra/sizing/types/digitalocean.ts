import { regions } from "../../../config/regions.ts";
import type { PriceList } from "../server-type.ts";

export const digitalocean: PriceList = {
  currency: "USD",
  asOf: "2026-11",
  source: "lists of `doctl compute size list` that third parties published; names as of October 2026",
  isConfirmed: false,
  basis: "Without VAT, with one IPv4 address; snapshots and traffic over the allowance come on top.",
  regions: regions.digitalocean,
  // From DigitalOcean's price list, unchanged for years.
  volume: 0.1,
  types: {
    "s-1vcpu-512mb-10gb": { vcpus: 1, memory: 0.5, disk: 10, arch: "amd64", monthly: 4 },
    "s-1vcpu-1gb": { vcpus: 1, memory: 1, disk: 25, arch: "amd64", monthly: 6 },
    "s-1vcpu-2gb": { vcpus: 1, memory: 2, disk: 50, arch: "amd64", monthly: 12 },
    "s-2vcpu-2gb": { vcpus: 2, memory: 2, disk: 60, arch: "amd64", monthly: 18 },
    "s-2vcpu-4gb": { vcpus: 2, memory: 4, disk: 80, arch: "amd64", monthly: 24 },
    "s-2vcpu-4gb-amd": { vcpus: 2, memory: 4, disk: 80, arch: "amd64", monthly: 28 },
    "s-2vcpu-4gb-intel": { vcpus: 2, memory: 4, disk: 80, arch: "amd64", monthly: 28 },
    "s-2vcpu-4gb-120gb-intel": { vcpus: 2, memory: 4, disk: 120, arch: "amd64", monthly: 32 },
    "s-2vcpu-8gb-amd": { vcpus: 2, memory: 8, disk: 100, arch: "amd64", monthly: 42 },
    "s-2vcpu-8gb-160gb-intel": { vcpus: 2, memory: 8, disk: 160, arch: "amd64", monthly: 48 },
    "s-4vcpu-8gb": { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 48 },
    "s-4vcpu-8gb-amd": { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 56 },
    "s-4vcpu-8gb-intel": { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 56 },
    "s-4vcpu-8gb-240gb-intel": { vcpus: 4, memory: 8, disk: 240, arch: "amd64", monthly: 64 },
    "s-4vcpu-16gb-amd": { vcpus: 4, memory: 16, disk: 200, arch: "amd64", monthly: 84 },
    "s-4vcpu-16gb-320gb-intel": { vcpus: 4, memory: 16, disk: 320, arch: "amd64", monthly: 96 },
    "s-8vcpu-16gb": { vcpus: 8, memory: 16, disk: 320, arch: "amd64", monthly: 96 },
    "s-8vcpu-16gb-amd": { vcpus: 8, memory: 16, disk: 320, arch: "amd64", monthly: 112 },
    "s-8vcpu-16gb-intel": { vcpus: 8, memory: 16, disk: 320, arch: "amd64", monthly: 112 },
    "s-8vcpu-32gb-amd": { vcpus: 8, memory: 32, disk: 400, arch: "amd64", monthly: 168 },
    "c-2": { vcpus: 2, memory: 4, disk: 25, arch: "amd64", monthly: 42 },
    "c-4": { vcpus: 4, memory: 8, disk: 50, arch: "amd64", monthly: 84 },
    "c-8": { vcpus: 8, memory: 16, disk: 100, arch: "amd64", monthly: 168 },
    "g-2vcpu-8gb": { vcpus: 2, memory: 8, disk: 25, arch: "amd64", monthly: 63 },
    "g-4vcpu-16gb": { vcpus: 4, memory: 16, disk: 50, arch: "amd64", monthly: 126 },
    "g-8vcpu-32gb": { vcpus: 8, memory: 32, disk: 100, arch: "amd64", monthly: 252 },
    "m-2vcpu-16gb": { vcpus: 2, memory: 16, disk: 50, arch: "amd64", monthly: 84 },
    "m-4vcpu-32gb": { vcpus: 4, memory: 32, disk: 100, arch: "amd64", monthly: 168 },
    "m-8vcpu-64gb": { vcpus: 8, memory: 64, disk: 200, arch: "amd64", monthly: 336 },
  },
  withdrawn: {
    // In July 2018.
    "2gb": { vcpus: 2, memory: 2, arch: "amd64" },
    "4gb": { vcpus: 2, memory: 4, arch: "amd64" },
    "8gb": { vcpus: 4, memory: 8, arch: "amd64" },
    "16gb": { vcpus: 8, memory: 16, arch: "amd64" },
    // Still in the provider's schema, and in no list of sizes any more.
    "s-6vcpu-16gb": { vcpus: 6, memory: 16, arch: "amd64" },
    "s-8vcpu-32gb": { vcpus: 8, memory: 32, arch: "amd64" },
  },
};
