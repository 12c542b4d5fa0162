import { checkOneOf, checkPattern, checkRange, portRange } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import {
  allOf,
  list,
  objects,
  text,
  type CloudResource,
  type CloudsState,
  type Values,
} from "../../inventory.ts";
import type { Filter, Kind, Opening } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { asUuid } from "./identity.ts";
import { mustExist, titles } from "./titles.ts";

export const firewall: Kind = {
  title: titles.firewall,
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
};

export const tag: Kind = {
  title: titles.tag,
  id: ({ inputs }) => text(inputs, "name"),
  unique: byName,
  check: ({ inputs }) => {
    checkPattern("tag", text(inputs, "name"), /^[a-zA-Z0-9:_-]{1,255}$/);
  },
  outputs: () => ({ totalResourceCount: 0 }),
};

export function filterOf(droplet: CloudResource, state: CloudsState): Filter {
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

function checkRule(rule: Values): void {
  const protocol = text(rule, "protocol");
  checkOneOf("protocol", protocol, ["tcp", "udp", "icmp"]);
  if (protocol !== "icmp" && text(rule, "portRange") === "")
    throw invalid(`A rule for ${protocol} needs a range of ports.`);
  portRange(text(rule, "portRange"));
  for (const range of [...list(rule, "sourceAddresses"), ...list(rule, "destinationAddresses")])
    checkRange(String(range));
}
