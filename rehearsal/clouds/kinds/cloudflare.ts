/** Cloudflare's DNS, as its API's documentation describes it. */
import { checkOneOf } from "../checks.ts";
import { invalid } from "../cloud-error.ts";
import { allOf, find, text, type Values } from "../inventory.ts";
import type { CloudRules, Kind, Wish } from "../kind.ts";
import { checkNamesakes, type ZoneRecord } from "./namesakes.ts";

const recordTypes = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"];
const hexadecimal: Kind["id"] = ({ digits }) => digits.slice(0, 32);
const time = "2026-01-01T00:00:00Z";

const kinds: Readonly<Record<string, Kind>> = {
  zone: {
    title: "zone",
    id: hexadecimal,
    unique: (inputs) => text(inputs, "name"),
    outputs: () => ({ status: "active", nameServers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"] }),
    owns: ({ id }, other) => other.kind === "dnsRecord" && text(other.inputs, "zoneId") === id,
  },
  dnsRecord: {
    title: "record",
    id: hexadecimal,
    check: checkRecord,
    outputs: ({ inputs }) => ({
      createdOn: time,
      modifiedOn: time,
      proxiable: ["A", "AAAA", "CNAME"].includes(text(inputs, "type")),
      proxied: inputs.proxied ?? false,
    }),
  },
};

function checkRecord({ inputs, others }: Wish): void {
  const zone = find(others, "cloudflare", "zone", inputs.zoneId);
  if (zone === undefined) {
    throw invalid(`There is no zone with the id "${text(inputs, "zoneId")}" in the account.`);
  }
  const name = text(inputs, "name");
  const zoneName = text(zone.inputs, "name");
  if (name !== zoneName && !name.endsWith(`.${zoneName}`)) {
    throw invalid(`The record "${name}" is not in the zone ${zoneName}: give its full name.`);
  }
  const type = text(inputs, "type");
  checkOneOf("type of record", type, recordTypes);
  const ttl = Number(inputs.ttl);
  // 1 stands for "automatic".
  if (ttl !== 1 && (ttl < 60 || ttl > 86_400))
    throw invalid(`The time to live of ${ttl} s is not 1 or from 60 to 86400 s.`);
  if (inputs.proxied === true && !["A", "AAAA", "CNAME"].includes(type)) {
    throw invalid(`A record of the type ${type} cannot be proxied.`);
  }
  const neighbours = allOf(others, "cloudflare", "dnsRecord").filter(
    (other) => other.inputs.zoneId === inputs.zoneId,
  );
  checkNamesakes(
    recordOf(inputs),
    neighbours.map((other) => recordOf(other.inputs)),
  );
}

function recordOf(inputs: Values): ZoneRecord {
  return { name: text(inputs, "name"), type: text(inputs, "type"), value: text(inputs, "content") };
}

export const cloudflare: CloudRules = {
  title: "Cloudflare",
  kinds,
  zone: { kind: "zone", input: "name" },
  records: (state) =>
    allOf(state, "cloudflare", "dnsRecord").map(({ inputs }) => ({
      name: text(inputs, "name"),
      type: text(inputs, "type"),
      values: [text(inputs, "content")],
    })),
};
