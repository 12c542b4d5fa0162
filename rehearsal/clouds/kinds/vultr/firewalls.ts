import { checkOneOf, checkRange, portRange } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { allOf, find, text, type CloudResource, type CloudsState, type Values } from "../../inventory.ts";
import type { Filter, Kind, Opening, Wish } from "../../kind.ts";
import { asUuid, time } from "./identity.ts";
import { mustExist, titles } from "./titles.ts";

/** Rules of a group, which its `maxRuleCount` tells too. */
const ruleLimit = 50;
const protocols = ["icmp", "tcp", "udp", "gre", "esp", "ah"];
/** What makes a rule the same as another. */
const ruleParts = ["firewallGroupId", "ipType", "protocol", "subnet", "subnetSize", "port", "source"];

export const firewallGroup: Kind = {
  title: titles.firewallGroup,
  id: asUuid,
  outputs: ({ id, state }) => ({
    instanceCount: allOf(state, "vultr", "instance").filter(({ inputs }) => inputs.firewallGroupId === id)
      .length,
    ruleCount: rulesOf(id, state).length,
    maxRuleCount: ruleLimit,
    dateCreated: time,
    dateModified: time,
  }),
  held: ({ id }, state) =>
    allOf(state, "vultr", "instance").some(({ inputs }) => inputs.firewallGroupId === id)
      ? "is in use: unlink its instances first."
      : undefined,
  owns: ({ id }, other) => other.kind === "firewallRule" && other.inputs.firewallGroupId === id,
};

export const firewallRule: Kind = {
  title: titles.firewallRule,
  id: ({ serial }) => String(serial),
  unique: (inputs) => ruleParts.map((part) => text(inputs, part)).join(" "),
  check: checkRule,
};

function checkRule({ inputs, others }: Wish): void {
  const group = mustExist(others, "firewallGroup", inputs.firewallGroupId);
  if (rulesOf(group.id, others).length >= ruleLimit) {
    throw invalid(`A firewall group has at most ${ruleLimit} rules.`);
  }
  const protocol = text(inputs, "protocol");
  checkOneOf("protocol", protocol, protocols);
  checkOneOf("type of addresses", text(inputs, "ipType"), ["v4", "v6"]);
  checkRange(rangeOf(inputs));
  if (text(inputs, "subnet").includes(":") !== (inputs.ipType === "v6")) {
    throw invalid(`The range ${rangeOf(inputs)} is not one of IP${text(inputs, "ipType")}.`);
  }
  const [port, takesPorts] = [text(inputs, "port"), protocol === "tcp" || protocol === "udp"];
  if ((port !== "") !== takesPorts) {
    throw invalid(`A rule for ${protocol} ${takesPorts ? "needs a port" : "has no port"}.`);
  }
  portRange(port);
}

function rangeOf(inputs: Values): string {
  return `${text(inputs, "subnet")}/${text(inputs, "subnetSize")}`;
}

function rulesOf(group: string, state: CloudsState): readonly CloudResource[] {
  return allOf(state, "vultr", "firewallRule").filter(({ inputs }) => inputs.firewallGroupId === group);
}

/** Vultr's firewalls stand at the public interface alone. */
export function filterOf(server: CloudResource, state: CloudsState): Filter {
  const group = find(state, "vultr", "firewallGroup", server.inputs.firewallGroupId);
  if (group === undefined) return { openings: undefined, filtersPrivate: false };
  const openings = rulesOf(group.id, state).map(({ inputs }) => ({
    protocol: text(inputs, "protocol") as Opening["protocol"],
    ...portRange(text(inputs, "port")),
    sources: [rangeOf(inputs)],
  }));
  return { openings, filtersPrivate: false };
}
