import type * as pulumi from "@pulumi/pulumi";
import { hostname } from "../config/hostnames.ts";
import type { Configuration } from "../config/index.ts";
import type { Catalogue } from "./catalogue.ts";

/** The configuration as the platform reads it: the options of every system have their types. */
export type PlatformConfiguration = Configuration<Catalogue>;

/** What a system that is up tells the rest: where it is, and who may come in. */
export interface Deployed {
  /** Its name in the catalogue. */
  readonly system: keyof Catalogue;
  /** Address for people and devices; undefined for a system without one. */
  readonly url: pulumi.Output<string> | undefined;
  /** Accounts: passwords by name; secret. */
  readonly accounts: pulumi.Output<Readonly<Record<string, string>>> | undefined;
}

/** A system's component, or what it has to tell. */
type Teller = (pulumi.Resource & Partial<Told>) | Partial<Told>;

interface Told {
  readonly url: Deployed["url"];
  readonly accounts: Deployed["accounts"];
}

/** What the systems that are up tell, in this order; those that are off are left out. */
export function deployedSystems(
  systems: Readonly<Partial<Record<keyof Catalogue, Teller | undefined>>>,
): Deployed[] {
  return Object.entries(systems).flatMap(([name, teller]) => {
    if (teller === undefined) return [];
    const { accounts, url }: Partial<Told> = teller;
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
