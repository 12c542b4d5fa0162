import { checkOneOf, checkTtl, relativeRecord } from "../../checks.ts";
import { conflict, invalid } from "../../cloud-error.ts";
import { allOf, find, text, type CloudsState } from "../../inventory.ts";
import type { DnsRecord, Kind, Wish } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { numeric } from "./identity.ts";
import { titles } from "./titles.ts";

const recordTypes = ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT", "SRV"];

export const domain: Kind = {
  title: titles.domain,
  id: ({ inputs }) => text(inputs, "name"),
  unique: byName,
  outputs: ({ id }) => ({ domainUrn: `do:domain:${id}`, ttl: 1800 }),
  owns: ({ id }, other) => other.kind === "dnsRecord" && text(other.inputs, "domain") === id,
};

export const dnsRecord: Kind = {
  title: titles.dnsRecord,
  id: numeric(1_700_000_000),
  check: checkRecord,
  outputs: ({ inputs }) => ({
    fqdn: relativeRecord(text(inputs, "name"), text(inputs, "domain")),
    ttl: Number(inputs.ttl ?? 1800),
  }),
};

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

export function recordsOf(state: CloudsState): readonly DnsRecord[] {
  return allOf(state, "digitalocean", "dnsRecord").map(({ inputs, outputs }) => ({
    name: text(outputs, "fqdn"),
    type: text(inputs, "type"),
    values: [text(inputs, "value")],
  }));
}
