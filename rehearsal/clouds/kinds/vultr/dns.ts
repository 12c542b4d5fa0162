import { checkOneOf, checkTtl, relativeRecord } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { allOf, find, text, type CloudsState, type Values } from "../../inventory.ts";
import type { DnsRecord, Kind, Wish } from "../../kind.ts";
import { checkNamesakes, type ZoneRecord } from "../namesakes.ts";
import { asUuid, time } from "./identity.ts";
import { titles } from "./titles.ts";

const recordTypes = ["A", "AAAA", "CNAME", "NS", "MX", "SRV", "TXT", "CAA", "SSHFP"];
/** Seconds. No least one was found in the documentation: a cautious guess. */
const shortestTtl = 120;

export const dnsDomain: Kind = {
  title: titles.dnsDomain,
  id: ({ inputs }) => text(inputs, "domain"),
  unique: (inputs) => text(inputs, "domain"),
  outputs: () => ({ dateCreated: time, dnsSec: "disabled" }),
  owns: ({ id }, other) => other.kind === "dnsRecord" && text(other.inputs, "domain") === id,
};

export const dnsRecord: Kind = {
  title: titles.dnsRecord,
  id: asUuid,
  check: checkRecord,
};

function checkRecord({ inputs, others }: Wish): void {
  const domain = text(inputs, "domain");
  if (find(others, "vultr", "dnsDomain", domain) === undefined) {
    throw invalid(`There is no DNS domain "${domain}" in the account: create it, or correct uap:dns.zone.`);
  }
  checkOneOf("type of record", text(inputs, "type"), recordTypes);
  checkTtl(inputs, shortestTtl);
  const neighbours = allOf(others, "vultr", "dnsRecord").filter(
    (other) => text(other.inputs, "domain") === domain,
  );
  checkNamesakes(
    recordOf(inputs),
    neighbours.map((other) => recordOf(other.inputs)),
  );
}

function recordOf(inputs: Values): ZoneRecord {
  return { name: text(inputs, "name"), type: text(inputs, "type"), value: text(inputs, "data") };
}

export function recordsOf(state: CloudsState): readonly DnsRecord[] {
  return allOf(state, "vultr", "dnsRecord").map(({ inputs }) => ({
    name: relativeRecord(text(inputs, "name"), text(inputs, "domain")),
    type: text(inputs, "type"),
    values: [text(inputs, "data")],
  }));
}
