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
import type { Filter, Kind, Opening } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { numeric } from "./identity.ts";
import { mustExist, titles } from "./titles.ts";

/** Ranges of a rule. */
const rangeLimit = 100;
/** Rules of a firewall. */
const ruleLimit = 50;

export const firewall: Kind = {
  title: titles.firewall,
  id: numeric,
  unique: byName,
  check: ({ inputs }) => {
    const rules = objects(inputs, "rules");
    if (rules.length > ruleLimit) throw invalid(`A firewall has at most ${ruleLimit} rules.`);
    for (const rule of rules) checkRule(rule);
  },
  held: (firewall, state) =>
    allOf(state, "hcloud", "server").some((server) => firewallsOf(server, state).includes(firewall))
      ? "is in use: remove it from its servers first."
      : undefined,
};

export const firewallAttachment: Kind = {
  title: titles.firewallAttachment,
  id: ({ inputs }) => text(inputs, "firewallId"),
  unique: (inputs) => text(inputs, "firewallId"),
  check: ({ inputs, others }) => {
    mustExist(others, "firewall", inputs.firewallId);
    for (const id of list(inputs, "serverIds")) mustExist(others, "server", id);
  },
};

export function filterOf(server: CloudResource, state: CloudsState): Filter {
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

/** The firewalls before a server: those it names, those attached to it, and those that select its labels. */
export function firewallsOf(server: CloudResource, state: CloudsState): readonly CloudResource[] {
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

function checkRule(rule: Values): void {
  const protocol = text(rule, "protocol");
  checkOneOf("protocol", protocol, ["tcp", "udp", "icmp", "esp", "gre"]);
  checkOneOf("direction", text(rule, "direction"), ["in", "out"]);
  if ((protocol === "tcp" || protocol === "udp") && text(rule, "port") === "") {
    throw invalid(`A rule for ${protocol} needs a port.`);
  }
  portRange(text(rule, "port"));
  const ranges = list(rule, rule.direction === "in" ? "sourceIps" : "destinationIps");
  if (ranges.length === 0 || ranges.length > rangeLimit) {
    throw invalid(`A rule needs from 1 to ${rangeLimit} ranges of addresses; this one has ${ranges.length}.`);
  }
  for (const range of ranges) checkRange(String(range));
}
