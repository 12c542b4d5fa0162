/** Hetzner Cloud, as its API's documentation describes it. */
import { regions } from "../../../config/regions.ts";
import {
  checkHostName,
  checkOneOf,
  checkPattern,
  checkPublicKey,
  checkRange,
  checkTtl,
  checkUserData,
  isInRange,
  portRange,
  relativeRecord,
} from "../checks.ts";
import { conflict, invalid } from "../cloud-error.ts";
import { keyFingerprint } from "../identifiers.ts";
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
const userDataLimit = 32 * 1024;
/** A spread placement group holds no more servers. */
const groupLimit = 10;
/** Families that can be ordered: cost-optimized, Arm, regular and dedicated. */
const serverTypes = /^(cx[2345]3|cax[1234]1|cpx[1-6][12]|ccx[1-6]3)$/;
const images =
  /^(ubuntu-2[24]\.04|ubuntu-26\.04|debian-1[123]|fedora-\d+|rocky-\d+|alma-\d+|centos-stream-\d+|\d+)$/;
/** Locations by network zone. */
const networkZones: Readonly<Record<string, readonly string[]>> = {
  "eu-central": ["fsn1", "nbg1", "hel1"],
  "us-east": ["ash"],
  "us-west": ["hil"],
  "ap-southeast": ["sin"],
};

const numeric: Kind["id"] = ({ serial }) => String(40_000_000 + serial);
const byName: Kind["unique"] = (inputs) => text(inputs, "name");
const protectedResource = ({ inputs }: CloudResource) =>
  inputs.deleteProtection === true ? "is protected: switch its delete protection off first." : undefined;

const kinds: Readonly<Record<string, Kind>> = {
  server: {
    title: "server",
    id: numeric,
    unique: byName,
    check: checkServer,
    outputs: ({ address, digits, inputs }) => ({
      ipv4Address: address,
      ipv6Address: `2001:db8:${digits.slice(0, 4)}:${digits.slice(4, 8)}::1`,
      ipv6Network: `2001:db8:${digits.slice(0, 4)}:${digits.slice(4, 8)}::/64`,
      status: "running",
      primaryDiskSize: 40,
      backupWindow: inputs.backups === true ? "22-02" : "",
      datacenter: `${text(inputs, "location")}-dc1`,
    }),
    held: protectedResource,
    owns: ({ id }, other) =>
      (other.kind === "serverNetwork" || other.kind === "volumeAttachment") &&
      text(other.inputs, "serverId") === id,
  },
  network: {
    title: "network",
    id: numeric,
    unique: byName,
    check: ({ inputs }) => {
      checkRange(text(inputs, "ipRange"));
    },
    held: protectedResource,
    owns: ({ id }, other) =>
      (other.kind === "networkSubnet" || other.kind === "serverNetwork") && networkOf(other.inputs) === id,
  },
  networkSubnet: {
    title: "subnet",
    id: ({ inputs }) => `${text(inputs, "networkId")}-${text(inputs, "ipRange")}`,
    unique: (inputs) => `${text(inputs, "networkId")}-${text(inputs, "ipRange")}`,
    check: checkSubnet,
    outputs: ({ inputs }) => ({ gateway: gatewayOf(text(inputs, "ipRange")) }),
    held: (subnet, state) => {
      const used = networksOf(state).some(
        ({ network, address }) =>
          network === text(subnet.inputs, "networkId") && isInRange(address, text(subnet.inputs, "ipRange")),
      );
      return used ? "is in use: detach the servers first." : undefined;
    },
  },
  serverNetwork: {
    title: "network attachment",
    id: ({ inputs }) => `${text(inputs, "serverId")}-${networkOf(inputs)}`,
    unique: (inputs) => `${text(inputs, "serverId")}-${networkOf(inputs)}`,
    check: ({ inputs, others }) => {
      mustExist(others, "server", inputs.serverId);
      checkAddress(others, networkOf(inputs), text(inputs, "ip"));
    },
    outputs: ({ serial, inputs, state }) => ({
      ip: text(inputs, "ip") || nextAddress(state, networkOf(inputs), serial),
      networkId: Number(networkOf(inputs)),
      macAddress: macAddress(serial),
    }),
  },
  firewall: {
    title: "firewall",
    id: numeric,
    unique: byName,
    check: ({ inputs }) => {
      for (const rule of objects(inputs, "rules")) checkRule(rule);
    },
    held: (firewall, state) =>
      allOf(state, "hcloud", "server").some((server) => firewallsOf(server, state).includes(firewall))
        ? "is in use: remove it from its servers first."
        : undefined,
  },
  firewallAttachment: {
    title: "firewall attachment",
    id: ({ inputs }) => text(inputs, "firewallId"),
    unique: (inputs) => text(inputs, "firewallId"),
    check: ({ inputs, others }) => {
      mustExist(others, "firewall", inputs.firewallId);
      for (const id of list(inputs, "serverIds")) mustExist(others, "server", id);
    },
  },
  sshKey: {
    title: "SSH key",
    id: numeric,
    unique: byName,
    check: ({ inputs, others }) => {
      checkPublicKey(inputs);
      const print = keyFingerprint(text(inputs, "publicKey"));
      if (allOf(others, "hcloud", "sshKey").some(({ outputs }) => outputs.fingerprint === print)) {
        throw conflict("The SSH key is in the project already, under another name.");
      }
    },
    outputs: ({ inputs }) => ({ fingerprint: keyFingerprint(text(inputs, "publicKey")) }),
  },
  placementGroup: { title: "placement group", id: numeric, unique: byName, outputs: () => ({ servers: [] }) },
  volume: {
    title: "volume",
    id: numeric,
    unique: byName,
    check: ({ inputs, before }) => {
      const size = Number(inputs.size);
      if (size < 10 || size > 10_240) throw invalid("A volume has from 10 to 10240 GB.");
      if (before !== undefined && size < Number(before.inputs.size)) throw invalid("A volume cannot shrink.");
      if (inputs.location !== undefined) checkOneOf("location", text(inputs, "location"), regions.hetzner);
    },
    outputs: ({ id }) => ({ linuxDevice: `/dev/disk/by-id/scsi-0HC_Volume_${id}` }),
    held: (volume, state) =>
      protectedResource(volume) ??
      (allOf(state, "hcloud", "volumeAttachment").some(({ inputs }) => text(inputs, "volumeId") === volume.id)
        ? "is attached: detach it first."
        : undefined),
  },
  volumeAttachment: {
    title: "volume attachment",
    id: ({ inputs }) => text(inputs, "volumeId"),
    unique: (inputs) => text(inputs, "volumeId"),
    check: ({ inputs, others }) => {
      mustExist(others, "server", inputs.serverId);
      mustExist(others, "volume", inputs.volumeId);
    },
  },
  zone: {
    title: "DNS zone",
    id: numeric,
    unique: byName,
    held: protectedResource,
    owns: (zone, other) =>
      other.kind === "zoneRrset" && text(other.inputs, "zone") === text(zone.inputs, "name"),
  },
  zoneRrset: {
    title: "record set",
    id: ({ inputs }) => recordId(inputs),
    unique: recordId,
    check: ({ inputs, others }) => {
      const zone = text(inputs, "zone");
      const zones = allOf(others, "hcloud", "zone");
      if (!zones.some((found) => found.id === zone || text(found.inputs, "name") === zone)) {
        throw invalid(`There is no DNS zone "${zone}" in the project: create it, or correct uap:dns.zone.`);
      }
      checkTtl(inputs, 60);
    },
    held: ({ inputs }) => (inputs.changeProtection === true ? "is protected against changes." : undefined),
  },
};

function checkServer({ inputs, others, before }: Wish): void {
  checkHostName(text(inputs, "name"));
  const type = text(inputs, "serverType");
  // A server may keep a type that cannot be ordered any more.
  if (before === undefined || text(before.inputs, "serverType") !== type) {
    checkPattern("server type", type, serverTypes);
  }
  checkOneOf("location", text(inputs, "location"), regions.hetzner);
  checkPattern("image", text(inputs, "image"), images);
  checkUserData(text(inputs, "userData"), userDataLimit);
  if ((inputs.deleteProtection ?? false) !== (inputs.rebuildProtection ?? false)) {
    throw invalid("Delete protection and rebuild protection must have the same value.");
  }
  const keys = allOf(others, "hcloud", "sshKey");
  for (const key of list(inputs, "sshKeys")) {
    if (!keys.some(({ id, inputs: { name } }) => id === String(key) || name === key)) {
      throw invalid(`There is no SSH key "${String(key)}".`);
    }
  }
  for (const id of list(inputs, "firewallIds")) mustExist(others, "firewall", id);
  for (const network of objects(inputs, "networks")) {
    checkAddress(others, networkOf(network), text(network, "ip"));
  }
  checkGroup(inputs, others);
}

function checkGroup(inputs: Values, others: CloudsState): void {
  const group = inputs.placementGroupId;
  if (group === undefined || group === 0) return;
  mustExist(others, "placementGroup", group);
  const members = allOf(others, "hcloud", "server").filter(
    (server) => server.inputs.placementGroupId === group,
  );
  if (members.length >= groupLimit) {
    throw invalid(`A placement group holds at most ${groupLimit} servers: make another one.`);
  }
}

function checkSubnet({ inputs, others }: Wish): void {
  const network = mustExist(others, "network", inputs.networkId);
  const range = text(inputs, "ipRange");
  checkRange(range);
  checkOneOf("network zone", text(inputs, "networkZone"), Object.keys(networkZones));
  checkOneOf("type of subnet", text(inputs, "type"), ["cloud", "server", "vswitch"]);
  if (!isInRange(range.split("/")[0] ?? "", text(network.inputs, "ipRange"))) {
    throw invalid(
      `The subnet ${range} is not inside the network's range ${text(network.inputs, "ipRange")}.`,
    );
  }
}

/** An address of a network must be in one of its subnets, and nobody else's. */
function checkAddress(others: CloudsState, network: string, address: string): void {
  mustExist(others, "network", network);
  const subnets = subnetsOf(others, network);
  if (subnets.length === 0) throw invalid("The network has no subnet yet: the server must depend on one.");
  if (address === "") return;
  if (!subnets.some((range) => isInRange(address, range))) {
    throw invalid(`The address ${address} is in no subnet of the network.`);
  }
  if (networksOf(others).some((used) => used.network === network && used.address === address)) {
    throw conflict(`The address ${address} is taken by another server.`);
  }
}

function checkRule(rule: Values): void {
  const protocol = text(rule, "protocol");
  checkOneOf("protocol", protocol, ["tcp", "udp", "icmp", "esp", "gre"]);
  checkOneOf("direction", text(rule, "direction"), ["in", "out"]);
  if ((protocol === "tcp" || protocol === "udp") && text(rule, "port") === "") {
    throw invalid(`A rule for ${protocol} needs a port.`);
  }
  portRange(text(rule, "port"));
  const ranges = list(rule, rule.direction === "in" ? "sourceIps" : "destinationIps");
  if (ranges.length === 0) throw invalid("A rule needs at least one range of addresses.");
  for (const range of ranges) checkRange(String(range));
}

function mustExist(state: CloudsState, kind: string, id: unknown): CloudResource {
  const found = find(state, "hcloud", kind, id);
  if (found === undefined)
    throw invalid(`There is no ${kinds[kind]?.title ?? kind} with the id ${String(id)}.`);
  return found;
}

/** A network's id, which an attachment may also give by its subnet. */
function networkOf(inputs: Values): string {
  return text(inputs, "networkId") || (text(inputs, "subnetId").split("-")[0] ?? "");
}

function subnetsOf(state: CloudsState, network: string): readonly string[] {
  return allOf(state, "hcloud", "networkSubnet")
    .filter(({ inputs }) => text(inputs, "networkId") === network)
    .map(({ inputs }) => text(inputs, "ipRange"));
}

/** Every address in a private network. */
function networksOf(state: CloudsState): readonly { server: string; network: string; address: string }[] {
  const attached = allOf(state, "hcloud", "serverNetwork").map(({ inputs, outputs }) => ({
    server: text(inputs, "serverId"),
    network: networkOf(inputs),
    address: text(outputs, "ip"),
  }));
  const inline = allOf(state, "hcloud", "server").flatMap(({ id, serial, inputs }) =>
    objects(inputs, "networks").map((network) => ({
      server: id,
      network: networkOf(network),
      address: text(network, "ip") || nextAddress(state, networkOf(network), serial),
    })),
  );
  return [...attached, ...inline];
}

function nextAddress(state: CloudsState, network: string, serial: number): string {
  const [base = "10.0.0.0"] = (subnetsOf(state, network)[0] ?? "").split("/");
  return base.replace(/\d+\.\d+$/, `${(serial >> 8) % 256}.${2 + (serial % 250)}`);
}

function gatewayOf(range: string): string {
  return range.replace(/\d+\/\d+$/, (end) => String(Number.parseInt(end, 10) + 1));
}

function macAddress(serial: number): string {
  return `86:00:00:${serial.toString(16).padStart(6, "0").match(/../g)?.join(":") ?? "00:00:00"}`;
}

function recordId(inputs: Values): string {
  return `${text(inputs, "zone")}/${text(inputs, "name")}/${text(inputs, "type")}`;
}

/** The firewalls before a server: those it names, those attached to it, and those that select its labels. */
function firewallsOf(server: CloudResource, state: CloudsState): readonly CloudResource[] {
  const labels = (server.inputs.labels ?? {}) as Values;
  const attachments = allOf(state, "hcloud", "firewallAttachment");
  return allOf(state, "hcloud", "firewall").filter((firewall) => {
    const attached = attachments.filter(({ inputs }) => text(inputs, "firewallId") === firewall.id);
    const selectors = [
      ...attached.flatMap(({ inputs }) => list(inputs, "labelSelectors")),
      ...objects(firewall.inputs, "applyTos").map(({ labelSelector }) => labelSelector),
    ];
    const ids = [
      ...attached.flatMap(({ inputs }) => list(inputs, "serverIds")),
      ...objects(firewall.inputs, "applyTos").map(({ server: id }) => id),
    ];
    return (
      list(server.inputs, "firewallIds").map(String).includes(firewall.id) ||
      ids.map(String).includes(server.id) ||
      selectors.some((selector) => typeof selector === "string" && selects(selector, labels))
    );
  });
}

/** A label selector of `key`, `key=value`, `key==value` and `key!=value`, joined by commas. */
function selects(selector: string, labels: Values): boolean {
  return selector.split(",").every((term) => {
    const [, key = "", operator = "", value = ""] = /^\s*([^=!\s]+)\s*(!=|==?)?\s*(.*?)\s*$/.exec(term) ?? [];
    if (operator === "") return key in labels;
    return operator === "!=" ? labels[key] !== value : labels[key] === value;
  });
}

function filterOf(server: CloudResource, state: CloudsState): Filter {
  const firewalls = firewallsOf(server, state);
  // Hetzner's firewalls stand at the public interface alone.
  if (firewalls.length === 0) return { openings: undefined, filtersPrivate: false };
  const openings = firewalls
    .flatMap(({ inputs }) => objects(inputs, "rules"))
    .filter(({ direction }) => direction === "in")
    .map((rule) => ({
      protocol: text(rule, "protocol") as Opening["protocol"],
      ...portRange(text(rule, "port")),
      sources: list(rule, "sourceIps").map(String),
    }));
  return { openings, filtersPrivate: false };
}

export const hcloud: CloudRules = {
  title: "Hetzner Cloud",
  kinds,
  serverKind: "server",
  zone: { kind: "zone", input: "name" },
  server: ({ id, inputs, outputs }, state) => ({
    name: text(inputs, "name"),
    region: text(inputs, "location"),
    type: text(inputs, "serverType"),
    publicAddress: text(outputs, "ipv4Address"),
    privateAddresses: networksOf(state)
      .filter(({ server }) => server === id)
      .map(({ network, address }) => ({ network: `hcloud/${network}`, address })),
    userData: text(inputs, "userData"),
  }),
  filter: filterOf,
  records: (state) =>
    allOf(state, "hcloud", "zoneRrset").map(({ inputs }) => ({
      name: relativeRecord(text(inputs, "name"), zoneName(state, text(inputs, "zone"))),
      type: text(inputs, "type"),
      values: objects(inputs, "records").map((record) => text(record, "value")),
    })),
};

/** Records name their zone by its id or its name. */
function zoneName(state: CloudsState, zone: string): string {
  const found = find(state, "hcloud", "zone", zone);
  return found === undefined ? zone : text(found.inputs, "name");
}
