import type * as pulumi from "@pulumi/pulumi";
import { hostname } from "../config/hostnames.ts";
import type { Configuration } from "../config/index.ts";
import type { Catalogue } from "./catalogue.ts";

/** The configuration as the platform reads it: the options of every system have their types. */
export type PlatformConfiguration = Configuration<Catalogue>;

/** What a system that is up offers to people: where it is, and the accounts that may come in. */
export interface Deployed {
  /** Its name in the catalogue. */
  readonly system: keyof Catalogue;
  /** Address for people and devices; undefined for a system without one. */
  readonly url: pulumi.Output<string> | undefined;
  /** Accounts: passwords by name; secret. */
  readonly accounts: pulumi.Output<Readonly<Record<string, string>>> | undefined;
}

/** What a system has to offer, if anything. */
type SystemOutputs = Partial<Pick<Deployed, "url" | "accounts">>;

/** What the systems that are up have to offer, in this order; those that are off are left out. */
export function deployedSystems(
  systems: Readonly<
    Partial<Record<keyof Catalogue, (pulumi.Resource & SystemOutputs) | SystemOutputs | undefined>>
  >,
): Deployed[] {
  return Object.entries(systems).flatMap(([name, outputs]) => {
    if (outputs === undefined) return [];
    const { accounts, url }: SystemOutputs = outputs;
    return [{ system: name as keyof Catalogue, url, accounts }];
  });
}

/** The public host of a service of this stack. */
export function hostOf(configuration: PlatformConfiguration, service: string, namespace?: string): string {
  return hostname({
    service,
    ...(namespace !== undefined && { namespace }),
    cluster: configuration.cluster.name,
    domain: configuration.domain,
  });
}
