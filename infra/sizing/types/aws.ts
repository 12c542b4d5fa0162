import { perHour, type PriceList } from "../server-type.ts";

export const aws: PriceList = {
  currency: "USD",
  asOf: "2026-08-14",
  source: "EC2 price API: on demand, Linux, eu-central-1",
  isConfirmed: true,
  basis: "Without VAT, 730 hours on demand; disks, public IPv4 addresses and traffic come on top.",
  regions: ["eu-central-1"],
  types: {
    "t3.small": { vcpus: 2, memory: 2, arch: "amd64" },
    "t3.medium": { vcpus: 2, memory: 4, arch: "amd64", monthly: perHour(0.048) },
    "t3.large": { vcpus: 2, memory: 8, arch: "amd64", monthly: perHour(0.096) },
    "t3.xlarge": { vcpus: 4, memory: 16, arch: "amd64", monthly: perHour(0.192) },
    "t3.2xlarge": { vcpus: 8, memory: 32, arch: "amd64", monthly: perHour(0.384) },
    "t4g.small": { vcpus: 2, memory: 2, arch: "arm64" },
    "t4g.medium": { vcpus: 2, memory: 4, arch: "arm64", monthly: perHour(0.0384) },
    "t4g.large": { vcpus: 2, memory: 8, arch: "arm64", monthly: perHour(0.0768) },
    "t4g.xlarge": { vcpus: 4, memory: 16, arch: "arm64", monthly: perHour(0.1536) },
    "t4g.2xlarge": { vcpus: 8, memory: 32, arch: "arm64", monthly: perHour(0.3072) },
    "m7i.large": { vcpus: 2, memory: 8, arch: "amd64", monthly: perHour(0.1207) },
    "m7i.xlarge": { vcpus: 4, memory: 16, arch: "amd64", monthly: perHour(0.2415) },
    "m7i.2xlarge": { vcpus: 8, memory: 32, arch: "amd64", monthly: perHour(0.483) },
    "m8g.large": { vcpus: 2, memory: 8, arch: "arm64" },
    "m8g.xlarge": { vcpus: 4, memory: 16, arch: "arm64" },
    "m8g.2xlarge": { vcpus: 8, memory: 32, arch: "arm64", monthly: perHour(0.4302) },
  },
  withdrawn: {},
};
