import * as pulumi from "@pulumi/pulumi";

/**
 * Waits for the look-up of a zone, and explains why it failed: zones hold more than one cluster, so the program never creates one.
 *
 * @param provider the provider's name for people
 */
export function findZone<Zone>(provider: string, zone: string, lookup: Promise<Zone>): pulumi.Output<Zone> {
  return pulumi.output(
    lookup.catch((error: unknown) => {
      throw new pulumi.RunError(
        `The DNS zone ${zone} could not be looked up at ${provider}: ${reasonOf(error)}\n` +
          `If the zone is missing, create it at ${provider} and delegate ${zone} to it, or set uap:dns.zone to the zone that holds ` +
          "uap:domain; if the credentials were refused, they need the right to read zones and to write records.",
      );
    }),
  ) as pulumi.Output<Zone>;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
