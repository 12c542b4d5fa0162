import { checkOneOf, relativeRecord } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { allOf, find, text, type CloudsState, type Values } from "../../inventory.ts";
import type { DnsRecord, Kind, Wish } from "../../kind.ts";
import { checkNamesakes, type ZoneRecord } from "../namesakes.ts";
import { numeric } from "./identity.ts";
import { titles } from "./titles.ts";

const recordTypes = ["A", "AAAA", "NS", "MX", "CNAME", "TXT", "SRV", "PTR", "CAA"];
const longestName = 100;
/** Times to live in seconds; any other is rounded to the nearest. */
const knownTtls = [
  30, 120, 300, 3600, 7200, 14_400, 28_800, 57_600, 86_400, 172_800, 345_600, 604_800, 1_209_600, 2_419_200,
];

export const domain: Kind = {
  title: titles.domain,
  id: numeric(3_000_000),
  unique: (inputs) => text(inputs, "domain"),
  outputs: () => ({ status: "active", ttlSec: 0 }),
  owns: ({ id }, other) => other.kind === "domainRecord" && text(other.inputs, "domainId") === id,
};

export const domainRecord: Kind = {
  title: titles.domainRecord,
  id: numeric(30_000_000),
  check: checkRecord,
  outputs: ({ inputs }) => ({ ttlSec: nearest(Number(inputs.ttlSec ?? 0)) }),
};

function checkRecord({ inputs, others }: Wish): void {
  if (find(others, "linode", "domain", inputs.domainId) === undefined) {
    throw invalid(
      `There is no domain with the id ${text(inputs, "domainId")} in the account: create it, or correct uap:dns.zone.`,
    );
  }
  checkOneOf("type of record", text(inputs, "recordType"), recordTypes);
  if (text(inputs, "name").length > longestName) {
    throw invalid(`The name of a record has at most ${longestName} characters.`);
  }
  const neighbours = allOf(others, "linode", "domainRecord").filter(
    (other) => other.inputs.domainId === inputs.domainId,
  );
  checkNamesakes(
    recordOf(inputs),
    neighbours.map((other) => recordOf(other.inputs)),
  );
}

function recordOf(inputs: Values): ZoneRecord {
  return { name: text(inputs, "name"), type: text(inputs, "recordType"), value: text(inputs, "target") };
}

/** 0 stands for the domain's own. */
function nearest(seconds: number): number {
  if (seconds === 0) return 0;
  return knownTtls.reduce((best, known) =>
    Math.abs(known - seconds) < Math.abs(best - seconds) ? known : best,
  );
}

export function recordsOf(state: CloudsState): readonly DnsRecord[] {
  return allOf(state, "linode", "domainRecord").map(({ inputs }) => ({
    name: relativeRecord(
      text(inputs, "name"),
      text(find(state, "linode", "domain", inputs.domainId)?.inputs ?? {}, "domain"),
    ),
    type: text(inputs, "recordType"),
    values: [text(inputs, "target")],
  }));
}
