import type { PriceList } from "../server-type.ts";

const europe = ["fsn1", "nbg1", "hel1"];
const unitedStates = ["ash", "hil"];
const europeAndSingapore = [...europe, "sin"];

/** A type of the older AMD line, which is sold in the United States only. */
function american(vcpus: number, memory: number, disk: number, monthly: number) {
  const monthlyIn = Object.fromEntries(unitedStates.map((region) => [region, monthly]));
  return { vcpus, memory, disk, arch: "amd64", monthlyIn, soldIn: unitedStates } as const;
}

/** Shared Intel or AMD cores (CX) and Arm cores (CAX) come and go: in September 2026 none could be ordered. */
function scarce(vcpus: number, memory: number, disk: number, arch: "amd64" | "arm64", monthly: number) {
  return { vcpus, memory, disk, arch, monthly, soldIn: europe, soldOut: true } as const;
}

export const hetzner: PriceList = {
  currency: "EUR",
  asOf: "2026-09-03",
  source: "docs.hetzner.com, price list in force since 2026-06-15; availability from Hetzner's price API",
  isConfirmed: true,
  basis: "Without VAT, with one IPv4 address; snapshots and load balancers come on top.",
  regions: europe,
  publicIpv4: 0.5,
  // From Hetzner's price API, 2026-05-27.
  volume: 0.0572,
  types: {
    cx23: scarce(2, 4, 40, "amd64", 5.49),
    cx33: scarce(4, 8, 80, "amd64", 8.49),
    cx43: scarce(8, 16, 160, "amd64", 15.99),
    cx53: scarce(16, 32, 320, "amd64", 29.49),
    cax11: scarce(2, 4, 40, "arm64", 5.99),
    cax21: scarce(4, 8, 80, "arm64", 10.49),
    cax31: scarce(8, 16, 160, "arm64", 20.99),
    cax41: scarce(16, 32, 320, "arm64", 40.99),
    cpx12: {
      vcpus: 1,
      memory: 2,
      disk: 40,
      arch: "amd64",
      monthly: 11.49,
      monthlyIn: { sin: 15.49 },
      soldIn: europeAndSingapore,
    },
    cpx22: {
      vcpus: 2,
      memory: 4,
      disk: 80,
      arch: "amd64",
      monthly: 19.49,
      monthlyIn: { sin: 26.49 },
      soldIn: europeAndSingapore,
    },
    cpx32: { vcpus: 4, memory: 8, disk: 160, arch: "amd64", monthly: 35.49, soldIn: europeAndSingapore },
    cpx42: { vcpus: 8, memory: 16, disk: 320, arch: "amd64", monthly: 69.49, soldIn: europeAndSingapore },
    cpx52: { vcpus: 12, memory: 24, disk: 480, arch: "amd64", monthly: 100.49, soldIn: europeAndSingapore },
    cpx62: { vcpus: 16, memory: 32, disk: 640, arch: "amd64", monthly: 129.99, soldIn: europeAndSingapore },
    cpx11: american(2, 2, 40, 17.49),
    cpx21: american(3, 4, 80, 31.99),
    cpx31: american(4, 8, 160, 62.49),
    cpx41: american(8, 16, 240, 120.49),
    cpx51: american(16, 32, 360, 237.99),
    ccx13: { vcpus: 2, memory: 8, disk: 80, arch: "amd64", monthly: 42.99 },
    ccx23: { vcpus: 4, memory: 16, disk: 160, arch: "amd64", monthly: 85.99 },
    ccx33: { vcpus: 8, memory: 32, disk: 240, arch: "amd64", monthly: 138.49 },
    ccx43: { vcpus: 16, memory: 64, disk: 360, arch: "amd64", monthly: 275.99 },
    ccx53: { vcpus: 32, memory: 128, disk: 600, arch: "amd64", monthly: 533.49 },
    ccx63: { vcpus: 48, memory: 192, disk: 960, arch: "amd64", monthly: 853.49 },
  },
  withdrawn: {
    // In September 2024.
    cx11: { vcpus: 1, memory: 2, arch: "amd64" },
    cx21: { vcpus: 2, memory: 4, arch: "amd64" },
    cx31: { vcpus: 2, memory: 8, arch: "amd64" },
    cx41: { vcpus: 4, memory: 16, arch: "amd64" },
    cx51: { vcpus: 8, memory: 32, arch: "amd64" },
    // At the end of 2025.
    cx22: { vcpus: 2, memory: 4, arch: "amd64" },
    cx32: { vcpus: 4, memory: 8, arch: "amd64" },
    cx42: { vcpus: 8, memory: 16, arch: "amd64" },
    cx52: { vcpus: 16, memory: 32, arch: "amd64" },
  },
};
