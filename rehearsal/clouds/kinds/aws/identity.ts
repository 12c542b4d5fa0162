import { text } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";

/** The number of the simulated account. */
export const account = "123456789012";

/** Ids such as `vpc-0a1b2c3d4e5f60718`. */
export const prefixed =
  (prefix: string): Kind["id"] =>
  ({ digits }) =>
    `${prefix}-0${digits.slice(0, 16)}`;

/** What has its name as its id. */
export const named: Kind["id"] = ({ inputs }) => text(inputs, "name");

export function arn(service: string, name: string): string {
  return `arn:aws:${service}::${account}:${name}`;
}
