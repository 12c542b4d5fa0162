import * as pulumi from "@pulumi/pulumi";
import type { DnsRecord } from "./records.ts";

/** A record as a person enters it by hand. */
export interface DnsEntry {
  readonly name: string;
  readonly type: "A" | "AAAA";
  readonly addresses: readonly string[];
}

/** The records as a list to read: all that the provider `none` does with them. */
export function entriesOf(records: readonly DnsRecord[]): pulumi.Output<readonly DnsEntry[]> {
  return pulumi.all(
    records.map(({ name, type, answers }) =>
      pulumi.all(answers.map(({ address }) => address)).apply((addresses) => ({ name, type, addresses })),
    ),
  );
}
