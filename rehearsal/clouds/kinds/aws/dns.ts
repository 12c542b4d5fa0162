import { invalid } from "../../cloud-error.ts";
import { allOf, list, text, type CloudsState } from "../../inventory.ts";
import type { DnsRecord, Kind } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { mustExist, titles } from "./titles.ts";

export const zone: Kind = {
  title: titles.zone,
  id: ({ digits }) => `Z${digits.slice(0, 20).toUpperCase()}`,
  unique: byName,
};

export const record: Kind = {
  title: titles.record,
  id: ({ inputs }) => `${text(inputs, "zoneId")}_${text(inputs, "name")}_${text(inputs, "type")}`,
  unique: (inputs) => `${text(inputs, "zoneId")}_${text(inputs, "name")}_${text(inputs, "type")}`,
  check: ({ inputs, others }) => {
    const zone = mustExist(others, "zone", inputs.zoneId);
    const name = text(inputs, "name").replace(/\.$/, "");
    const suffix = text(zone.inputs, "name");
    if (name !== suffix && !name.endsWith(`.${suffix}`))
      throw invalid(`The record "${name}" is not in the zone ${suffix}.`);
    if (inputs.ttl === undefined) throw invalid("A record set needs a time to live.");
  },
  outputs: ({ inputs }) => ({ fqdn: text(inputs, "name").replace(/\.$/, "") }),
};

export function recordsOf(state: CloudsState): readonly DnsRecord[] {
  return allOf(state, "aws", "record").map(({ inputs, outputs }) => ({
    name: text(outputs, "fqdn"),
    type: text(inputs, "type"),
    values: list(inputs, "records").map(String),
  }));
}
