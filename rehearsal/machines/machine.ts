import type { Boot } from "../clouds/boot.ts";
import type { SimulatedServer } from "../clouds/index.ts";

/** What a machine is made of. */
export interface Hardware {
  /** Thousandths of a core. */
  readonly milliCpu: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes. */
  readonly disk: number;
  readonly arch: "amd64" | "arm64";
}

/** A machine that has booted: a server of a simulated cloud, or one of the user's own. */
export interface Machine {
  readonly name: string;
  /** Tells it from an earlier machine of the same name. */
  readonly identity: string;
  /** What its user-data made of it. */
  readonly boot: Boot;
  readonly hardware: Hardware;
  readonly place: ServerPlace | SitePlace;
}

/** In a cloud, behind its firewall. */
export interface ServerPlace {
  readonly kind: "cloud";
  readonly server: SimulatedServer;
}

/** At a site of the user's own. */
export interface SitePlace {
  readonly kind: "site";
  /** The address that its packets come from, as the Internet sees it. */
  readonly address: string;
  /** The machine whose WireGuard tunnel it needs. @default none, it is reached by itself */
  readonly gateway?: string;
}

/** The address by which the Internet knows the machine. */
export function publicAddressOf({ place }: Machine): string {
  return place.kind === "cloud" ? place.server.publicAddress : place.address;
}
