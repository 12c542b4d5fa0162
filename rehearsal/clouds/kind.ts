import type { CloudResource, CloudsState, Values } from "./inventory.ts";

/** What a cloud is asked to make or change. */
export interface Wish {
  readonly inputs: Values;
  /** Everything at the clouds but the resource itself. */
  readonly others: CloudsState;
  /** The resource as it is; undefined for a new one. */
  readonly before: CloudResource | undefined;
}

/** A resource in the making: what ids and addresses follow from. */
export interface Birth {
  readonly serial: number;
  readonly inputs: Values;
  /** Hexadecimal digits that no other resource has: at least 32. */
  readonly digits: string;
}

/** What is known of a resource when its outputs are made. */
export interface Made {
  readonly id: string;
  readonly serial: number;
  readonly inputs: Values;
  readonly digits: string;
  readonly state: CloudsState;
  /** An address in 127.0.0.0/8 that is the resource's own. */
  readonly address: string;
}

/** The rules for one kind of resource at one cloud. */
export interface Kind {
  /** What messages call one of them, such as `server`. */
  readonly title: string;
  readonly id: (birth: Birth) => string;
  /** What no two of the kind may share, usually the name. @default nothing */
  readonly unique?: (inputs: Values) => string | undefined;
  /** @throws CloudError when the cloud would refuse the inputs. */
  readonly check?: (wish: Wish) => void;
  /** @default none */
  readonly outputs?: (made: Made) => Values;
  /** Why the resource cannot be deleted now: the rest of a sentence that begins with its name. @default it can */
  readonly held?: (resource: CloudResource, state: CloudsState) => string | undefined;
  /** Kinds of which those that belong to the deleted one disappear with it. @default none */
  readonly owns?: (resource: CloudResource, other: CloudResource) => boolean;
}

/** A server, whatever the cloud calls it. */
export interface SimulatedServer {
  readonly resource: CloudResource;
  readonly name: string;
  readonly region: string;
  readonly type: string;
  readonly publicAddress: string;
  /** Bytes, where the disk is not the one that comes with the type. @default the type's */
  readonly disk?: number;
  /** Addresses in private networks; two servers reach each other where `network` is the same. */
  readonly privateAddresses: readonly { readonly network: string; readonly address: string }[];
  /** Exactly what the machine gets, decoded. */
  readonly userData: string;
}

/** What may come in at a server. */
export interface Opening {
  readonly protocol: "tcp" | "udp" | "icmp" | "any";
  readonly from: number;
  readonly to: number;
  /** Ranges. */
  readonly sources: readonly string[];
}

/** A firewall's view of a server. */
export interface Filter {
  /** Undefined where no firewall stands before the server. */
  readonly openings: readonly Opening[] | undefined;
  /** Whether traffic of private networks is filtered too. */
  readonly filtersPrivate: boolean;
}

/** One cloud. */
export interface CloudRules {
  /** Its name for people. */
  readonly title: string;
  readonly kinds: Readonly<Record<string, Kind>>;
  /** The resource kind that is a server. @default the cloud has none */
  readonly serverKind?: string;
  /** The kind of its DNS zones, and the input that is the zone's name. @default it has none */
  readonly zone?: { readonly kind: string; readonly input: string };
  readonly server?: (resource: CloudResource, state: CloudsState) => Omit<SimulatedServer, "resource">;
  readonly filter?: (resource: CloudResource, state: CloudsState) => Filter;
  /** DNS records as names with their values. @default none */
  readonly records?: (state: CloudsState) => readonly DnsRecord[];
}

/** A name in the DNS. */
export interface DnsRecord {
  /** Fully qualified, without the last dot; `*.` in front stands for any name below. */
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}
