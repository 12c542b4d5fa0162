import * as pulumi from "@pulumi/pulumi";
import type { Cidr } from "../../config/addresses.ts";
import { contains } from "../../config/addresses.ts";

/** RFC 1918. */
const privateRanges: readonly Cidr[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/**
 * Holds the range of the private network against what a cloud takes.
 *
 * @param limits the prefixes of the widest and of the smallest network that the cloud makes
 * @throws RunError for a range that the cloud would refuse.
 */
export function checkPrivateRange(
  cloud: string,
  range: string,
  { shortest, longest }: { readonly shortest: number; readonly longest: number },
): void {
  const length = Number(range.split("/")[1]);
  if (length > longest || length < shortest)
    throw new pulumi.RunError(
      `uap:network.privateCidr: the cluster's network at ${cloud} would be ${range}, but networks there are from /${shortest} to /${longest}. ` +
        "Choose another range, such as a /16.",
    );
  if (!privateRanges.some((wide) => contains(wide, range)))
    throw new pulumi.RunError(
      `uap:network.privateCidr: ${cloud} takes no private network in ${range}. ` +
        "Choose a range in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
    );
}
