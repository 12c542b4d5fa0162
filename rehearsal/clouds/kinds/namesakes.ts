import { conflict } from "../cloud-error.ts";

/** A record that stands for one value. */
export interface ZoneRecord {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** @throws CloudError when the record cannot stand beside the others of its zone. */
export function checkNamesakes({ name, type, value }: ZoneRecord, others: readonly ZoneRecord[]): void {
  const namesakes = others.filter((other) => other.name === name);
  if (namesakes.some((other) => other.type === type && other.value === value)) {
    throw conflict(`An identical record of the name "${name}" exists already.`);
  }
  if (namesakes.some((other) => (other.type === "CNAME") !== (type === "CNAME"))) {
    throw conflict(`A CNAME cannot stand beside another record of the name "${name}".`);
  }
}
