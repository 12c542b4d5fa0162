import type { Configuration } from "../config/index.ts";
import type { Architecture, Pool, Role } from "../config/sections/pools.ts";

/** A machine of the cluster as it is planned, before anything is created. */
export interface ClusterNode {
  /** Unique in the cluster; a DNS label. */
  readonly name: string;
  /** The pool it belongs to. */
  readonly pool: Pool;
  readonly role: Role;
  readonly arch: Architecture;
  /** Thousandths of a core, bytes of memory, bytes of disk. */
  readonly size: { readonly milliCpu: number; readonly memory: number; readonly disk: number };
  /** Node labels, the pool's own and those that follow from region, role and cloud. */
  readonly labels: Readonly<Record<string, string>>;
  /** Taints as `key=value:Effect`. */
  readonly taints: readonly string[];
  /** Whether public traffic enters here. */
  readonly ingress: boolean;
  /**
   * The private address that a control plane is created with, by which the others find it. Undefined where the cloud chooses the address,
   * as it does of all other servers, and on-premises.
   */
  readonly plannedAddress: string | undefined;
}

/** What planning the nodes needs of the configuration. */
export type NodeSettings = Pick<Configuration, "cluster" | "pools" | "network">;
