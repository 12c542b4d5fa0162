import { checkOneOf, checkRange, portRange } from "../../checks.ts";
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
import type { Filter, Kind, Opening, Wish } from "../../kind.ts";
import { byLabel, checkLabel, numeric } from "./identity.ts";
import { mustExist, titles } from "./titles.ts";

const longestLabel = 32;
/** Rules of a firewall, inbound and outbound together. */
const ruleLimit = 25;
/** Addresses and ranges of a rule. */
const rangeLimit = 255;
const protocols: Readonly<Record<string, Opening["protocol"]>> = { TCP: "tcp", UDP: "udp", ICMP: "icmp" };
const everywhere: Opening = { protocol: "any", from: 0, to: 65_535, sources: ["0.0.0.0/0", "::/0"] };

export const firewall: Kind = {
  title: titles.firewall,
  id: numeric(1_000_000),
  unique: byLabel,
  check: checkFirewall,
  outputs: ({ inputs }) => ({
    status: inputs.disabled === true ? "disabled" : "enabled",
    devices: [],
    created: "2026-01-01T00:00:00Z",
    updated: "2026-01-01T00:00:00Z",
  }),
};

function checkFirewall({ inputs, others }: Wish): void {
  checkLabel(inputs, longestLabel);
  const rules = [...objects(inputs, "inbounds"), ...objects(inputs, "outbounds")];
  if (rules.length > ruleLimit) {
    throw invalid(`A firewall has at most ${ruleLimit} rules; these are ${rules.length}.`);
  }
  for (const rule of rules) checkRule(rule);
  for (const id of list(inputs, "linodes")) mustExist(others, "instance", id);
}

function checkRule(rule: Values): void {
  checkLabel(rule, longestLabel);
  const protocol = text(rule, "protocol");
  checkOneOf("protocol", protocol, [...Object.keys(protocols), "IPENCAP"]);
  const ports = text(rule, "ports");
  if ((ports !== "") !== (protocol === "TCP" || protocol === "UDP")) {
    throw invalid(`A rule for ${protocol} ${ports === "" ? "needs ports" : "has no ports"}.`);
  }
  portsOf(rule);
  const ranges = rangesOf(rule);
  if (ranges.length === 0 || ranges.length > rangeLimit) {
    throw invalid(`A rule needs from 1 to ${rangeLimit} ranges of addresses.`);
  }
  for (const range of ranges) checkRange(range);
  if (rule.action === "DROP") throw invalid("The rehearsal has no rules that drop: use the policy.");
}

function rangesOf(rule: Values): readonly string[] {
  return [...list(rule, "ipv4s"), ...list(rule, "ipv6s")].map(String);
}

/** Ports such as `22, 80-90`; all of them when there are none. */
function portsOf(rule: Values): readonly ReturnType<typeof portRange>[] {
  return text(rule, "ports")
    .split(",")
    .map((part) => portRange(part.trim()));
}

/** A firewall stands before all of a server's interfaces, that in the VPC too. */
export function filterOf(server: CloudResource, state: CloudsState): Filter {
  const firewalls = allOf(state, "linode", "firewall").filter(
    ({ id, inputs }) =>
      inputs.disabled !== true &&
      (text(server.inputs, "firewallId") === id || list(inputs, "linodes").map(String).includes(server.id)),
  );
  if (firewalls.length === 0) return { openings: undefined, filtersPrivate: true };
  return { openings: firewalls.flatMap(({ inputs }) => openingsOf(inputs)), filtersPrivate: true };
}

function openingsOf(inputs: Values): readonly Opening[] {
  if (inputs.inboundPolicy === "ACCEPT") return [everywhere];
  return objects(inputs, "inbounds").flatMap((rule) => {
    const protocol = protocols[text(rule, "protocol")];
    if (protocol === undefined) return [];
    return portsOf(rule).map((ports) => ({ protocol, ...ports, sources: rangesOf(rule) }));
  });
}
