import { checkOneOf, checkRange, portRange } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import {
  allOf,
  find,
  objects,
  text,
  type CloudResource,
  type CloudsState,
  type Values,
} from "../../inventory.ts";
import type { Filter, Kind, Opening } from "../../kind.ts";
import { checkZone, zonal } from "./places.ts";
import { titles } from "./titles.ts";

const protocols: Readonly<Record<string, Opening["protocol"]>> = {
  TCP: "tcp",
  UDP: "udp",
  ICMP: "icmp",
  ANY: "any",
};
const everywhere: Opening = { protocol: "any", from: 0, to: 65_535, sources: ["0.0.0.0/0", "::/0"] };

export const securityGroup: Kind = {
  title: titles.securityGroup,
  id: zonal,
  check: ({ inputs }) => {
    checkZone(inputs);
    for (const rule of [...objects(inputs, "inboundRules"), ...objects(inputs, "outboundRules")])
      checkRule(rule);
  },
  held: ({ id }, state) =>
    allOf(state, "scaleway", "server").some(({ inputs }) => inputs.securityGroupId === id)
      ? "is in use: give its servers another one first."
      : undefined,
};

function checkRule(rule: Values): void {
  const protocol = protocolOf(rule);
  checkOneOf("protocol", protocol, Object.keys(protocols));
  checkRange(text(rule, "ipRange"));
  if (rule.port !== undefined && rule.portRange !== undefined) {
    throw invalid("A rule has a port or a range of ports, not both.");
  }
  if (portsIn(rule) !== "" && protocol !== "TCP" && protocol !== "UDP") {
    throw invalid(`A rule for ${protocol} has no ports.`);
  }
  portRange(portsIn(rule));
  if (rule.action === "drop") throw invalid("The rehearsal has no rules that drop: use the default policy.");
}

function protocolOf(rule: Values): string {
  return text(rule, "protocol") || "TCP";
}

function portsIn(rule: Values): string {
  return text(rule, "port") || text(rule, "portRange");
}

/** Scaleway's security groups stand at the public interface alone. */
export function filterOf(server: CloudResource, state: CloudsState): Filter {
  const group = find(state, "scaleway", "securityGroup", server.inputs.securityGroupId);
  // Without a group of its own, a server is in the project's, which lets everything in.
  if (group === undefined) return { openings: undefined, filtersPrivate: false };
  return { openings: openingsOf(group.inputs), filtersPrivate: false };
}

function openingsOf(inputs: Values): readonly Opening[] {
  if (inputs.inboundDefaultPolicy !== "drop") return [everywhere];
  return objects(inputs, "inboundRules").map((rule) => ({
    protocol: protocols[protocolOf(rule)] ?? "any",
    ...portRange(portsIn(rule)),
    sources: [text(rule, "ipRange")],
  }));
}
