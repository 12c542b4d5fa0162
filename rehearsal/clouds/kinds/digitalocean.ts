/** DigitalOcean, as its API's documentation describes it. */
import { regions } from "../../../config/regions.ts";
import {
  checkHostName,
  checkOneOf,
  checkPattern,
  checkPublicKey,
  checkRange,
  checkTtl,
  checkUserData,
  overlap,
  portRange,
  relativeRecord,
} from "../checks.ts";
import { conflict, invalid } from "../cloud-error.ts";
import { keyFingerprint, uuid } from "../identifiers.ts";
import {
  allOf,
  find,
  list,
  objects,
  text,
  type CloudResource,
  type CloudsState,
  type Values,
} from "../inventory.ts";
import type { CloudRules, Filter, Kind, Opening, Wish } from "../kind.ts";

/** A user-data's limit in bytes. */
const userDataLimit = 64 * 1024;
const sizes =
  /^(s|c|c2|g|gd|m|m3|m6|so|so1_5)-\d+(vcpu-\d+(gb|mb)(-\d+gb)?)?(-amd|-intel)?(-\d+gb)?$|^(c|c2)-\d+$|^gpu-/;
const images =
  /^(ubuntu-2[245]-\d\d-x64|debian-1[123]-x64|fedora-\d+-x64|rockylinux-\d+-x64|almalinux-\d+-x64|centos-stream-\d+-x64|\d+)$/;
const recordTypes = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT", "SRV"];

const numeric =
  (first: number): Kind["id"] =>
  ({ serial }) =>
    String(first + serial);
const asUuid: Kind["id"] = ({ digits }) => uuid(digits);
const byName: Kind["unique"] = (inputs) => text(inputs, "name");

const kinds: Readonly<Record<string, Kind>> = {
  droplet: {
    title: "droplet",
    id: numeric(400_000_000),
    check: checkDroplet,
    outputs: ({ id, address, digits, serial, inputs, state }) => ({
      ipv4Address: address,
      ipv4AddressPrivate: privateAddress(inputs, serial, state),
      ipv6Address: inputs.ipv6 === true ? `2001:db8:d0:${digits.slice(0, 4)}::1` : "",
      vpcUuid:
        text(inputs, "vpcUuid") ||
        uuid(`${text(inputs, "region")}${"0".repeat(32)}`.replace(/[^0-9a-f]/g, "0")),
      dropletUrn: `do:droplet:${id}`,
      status: "active",
      locked: false,
      createdAt: "2026-01-01T00:00:00Z",
    }),
    owns: ({ id }, other) => other.kind === "volumeAttachment" && text(other.inputs, "dropletId") === id,
  },
  vpc: {
    title: "VPC",
    id: asUuid,
    unique: byName,
    check: ({ inputs, others }) => {
      checkOneOf("region", text(inputs, "region"), regions.digitalocean);
      const range = text(inputs, "ipRange");
      if (range === "") return;
      checkRange(range);
      const taken = allOf(others, "digitalocean", "vpc").find((other) =>
        overlap(range, text(other.inputs, "ipRange")),
      );
      if (taken !== undefined) {
        throw invalid(`The range ${range} overlaps with that of the VPC ${text(taken.inputs, "name")}.`);
      }
    },
    outputs: ({ id, serial, inputs }) => ({
      ipRange: text(inputs, "ipRange") || `10.${100 + (serial % 100)}.0.0/20`,
      vpcUrn: `do:vpc:${id}`,
      default: false,
      createdAt: "2026-01-01T00:00:00Z",
    }),
    held: ({ id }, state) =>
      allOf(state, "digitalocean", "droplet").some(({ inputs }) => text(inputs, "vpcUuid") === id)
        ? "still has members: delete its droplets first."
        : undefined,
  },
  firewall: {
    title: "firewall",
    id: asUuid,
    unique: byName,
    check: ({ inputs, others }) => {
      for (const rule of [...objects(inputs, "inboundRules"), ...objects(inputs, "outboundRules")])
        checkRule(rule);
      for (const id of list(inputs, "dropletIds")) mustExist(others, "droplet", id);
      for (const tag of list(inputs, "tags")) mustExist(others, "tag", tag);
      if (list(inputs, "inboundRules").length + list(inputs, "outboundRules").length === 0) {
        throw invalid("A firewall needs at least one rule.");
      }
    },
    outputs: () => ({ status: "succeeded", pendingChanges: [], createdAt: "2026-01-01T00:00:00Z" }),
  },
  sshKey: {
    title: "SSH key",
    id: numeric(50_000_000),
    // The account has a key once, whatever it is called.
    unique: (inputs) => keyFingerprint(text(inputs, "publicKey")),
    check: ({ inputs }) => {
      checkPublicKey(inputs);
    },
    outputs: ({ inputs }) => ({ fingerprint: keyFingerprint(text(inputs, "publicKey")) }),
  },
  tag: {
    title: "tag",
    id: ({ inputs }) => text(inputs, "name"),
    unique: byName,
    check: ({ inputs }) => {
      checkPattern("tag", text(inputs, "name"), /^[a-zA-Z0-9:_-]{1,255}$/);
    },
    outputs: () => ({ totalResourceCount: 0 }),
  },
  volume: {
    title: "volume",
    id: asUuid,
    unique: (inputs) => `${text(inputs, "region")}/${text(inputs, "name")}`,
    check: ({ inputs, before }) => {
      checkOneOf("region", text(inputs, "region"), regions.digitalocean);
      if (Number(inputs.size) < 1) throw invalid("A volume has at least 1 GiB.");
      if (Number(inputs.size) < Number(before?.inputs.size ?? 0)) throw invalid("A volume cannot shrink.");
    },
    outputs: ({ id }) => ({ volumeUrn: `do:volume:${id}`, dropletIds: [] }),
    held: ({ id }, state) =>
      allOf(state, "digitalocean", "volumeAttachment").some(({ inputs }) => text(inputs, "volumeId") === id)
        ? "is attached: detach it first."
        : undefined,
  },
  volumeAttachment: {
    title: "volume attachment",
    id: ({ inputs }) => `${text(inputs, "dropletId")}-${text(inputs, "volumeId")}`,
    unique: (inputs) => text(inputs, "volumeId"),
    check: ({ inputs, others }) => {
      mustExist(others, "droplet", inputs.dropletId);
      mustExist(others, "volume", inputs.volumeId);
    },
  },
  domain: {
    title: "domain",
    id: ({ inputs }) => text(inputs, "name"),
    unique: byName,
    outputs: ({ id }) => ({ domainUrn: `do:domain:${id}`, ttl: 1800 }),
    owns: ({ id }, other) => other.kind === "dnsRecord" && text(other.inputs, "domain") === id,
  },
  dnsRecord: {
    title: "record",
    id: numeric(1_700_000_000),
    check: checkRecord,
    outputs: ({ inputs }) => ({
      fqdn: relativeRecord(text(inputs, "name"), text(inputs, "domain")),
      ttl: Number(inputs.ttl ?? 1800),
    }),
  },
};

function checkDroplet({ inputs, others, before }: Wish): void {
  checkHostName(text(inputs, "name"));
  checkPattern("size", text(inputs, "size"), sizes);
  const region = text(inputs, "region");
  checkOneOf("region", region, regions.digitalocean);
  checkPattern("image", text(inputs, "image"), images);
  checkUserData(text(inputs, "userData"), userDataLimit);
  for (const key of before === undefined ? list(inputs, "sshKeys") : []) {
    const keys = allOf(others, "digitalocean", "sshKey");
    if (!keys.some(({ id, outputs }) => id === String(key) || outputs.fingerprint === key)) {
      throw invalid(`There is no SSH key "${String(key)}".`);
    }
  }
  if (inputs.vpcUuid === undefined) return;
  const vpc = mustExist(others, "vpc", inputs.vpcUuid);
  if (text(vpc.inputs, "region") !== region) {
    throw invalid(
      `The VPC is in ${text(vpc.inputs, "region")}, the droplet in ${region}: they must be in the same region.`,
    );
  }
}

function checkRule(rule: Values): void {
  const protocol = text(rule, "protocol");
  checkOneOf("protocol", protocol, ["tcp", "udp", "icmp"]);
  if (protocol !== "icmp" && text(rule, "portRange") === "")
    throw invalid(`A rule for ${protocol} needs a range of ports.`);
  portRange(text(rule, "portRange"));
  for (const range of [...list(rule, "sourceAddresses"), ...list(rule, "destinationAddresses")])
    checkRange(String(range));
}

function checkRecord({ inputs, others }: Wish): void {
  const domain = text(inputs, "domain");
  if (find(others, "digitalocean", "domain", domain) === undefined) {
    throw invalid(`There is no domain "${domain}" in the account: create it, or correct uap:dns.zone.`);
  }
  checkOneOf("type of record", text(inputs, "type"), recordTypes);
  checkTtl(inputs, 30);
  const others_ = allOf(others, "digitalocean", "dnsRecord").filter(
    (other) => text(other.inputs, "domain") === domain && text(other.inputs, "name") === text(inputs, "name"),
  );
  if (
    others_.some((other) => (text(other.inputs, "type") === "CNAME") !== (text(inputs, "type") === "CNAME"))
  ) {
    throw conflict(`A CNAME cannot stand beside another record of the name "${text(inputs, "name")}".`);
  }
}

function mustExist(state: CloudsState, kind: string, id: unknown): CloudResource {
  const found = find(state, "digitalocean", kind, id);
  if (found === undefined) throw invalid(`There is no ${kinds[kind]?.title ?? kind} "${String(id)}".`);
  return found;
}

/** DigitalOcean chooses the address in the VPC itself: nobody can ask for one. */
function privateAddress(inputs: Values, serial: number, state: CloudsState): string {
  const vpc = find(state, "digitalocean", "vpc", inputs.vpcUuid);
  const [base = "10.10.0.0"] = text(vpc?.outputs ?? {}, "ipRange").split("/");
  return base.replace(/\d+$/, String(2 + (serial % 250)));
}

function filterOf(droplet: CloudResource, state: CloudsState): Filter {
  const tags = list(droplet.inputs, "tags");
  const firewalls = allOf(state, "digitalocean", "firewall").filter(
    ({ inputs }) =>
      list(inputs, "dropletIds").map(String).includes(droplet.id) ||
      list(inputs, "tags").some((tag) => tags.includes(tag)),
  );
  if (firewalls.length === 0) return { openings: undefined, filtersPrivate: true };
  const openings = firewalls
    .flatMap(({ inputs }) => objects(inputs, "inboundRules"))
    .map((rule) => ({
      protocol: text(rule, "protocol") as Opening["protocol"],
      ...portRange(text(rule, "portRange")),
      sources: sourcesOf(rule, state),
    }));
  return { openings, filtersPrivate: true };
}

/** A rule's ranges, and the addresses of the droplets that it names or selects by tag. */
function sourcesOf(rule: Values, state: CloudsState): readonly string[] {
  const ids = list(rule, "sourceDropletIds").map(String);
  const tags = list(rule, "sourceTags");
  const droplets = allOf(state, "digitalocean", "droplet").filter(
    ({ id, inputs }) => ids.includes(id) || list(inputs, "tags").some((tag) => tags.includes(tag)),
  );
  return [
    ...list(rule, "sourceAddresses").map(String),
    ...droplets.flatMap(({ outputs }) => [text(outputs, "ipv4Address"), text(outputs, "ipv4AddressPrivate")]),
  ];
}

export const digitalocean: CloudRules = {
  title: "DigitalOcean",
  kinds,
  serverKind: "droplet",
  zone: { kind: "domain", input: "name" },
  server: ({ inputs, outputs }) => ({
    name: text(inputs, "name"),
    region: text(inputs, "region"),
    type: text(inputs, "size"),
    publicAddress: text(outputs, "ipv4Address"),
    privateAddresses: [
      { network: `digitalocean/${text(outputs, "vpcUuid")}`, address: text(outputs, "ipv4AddressPrivate") },
    ],
    userData: text(inputs, "userData"),
  }),
  filter: filterOf,
  records: (state) =>
    allOf(state, "digitalocean", "dnsRecord").map(({ inputs, outputs }) => ({
      name: text(outputs, "fqdn"),
      type: text(inputs, "type"),
      values: [text(inputs, "value")],
    })),
};
