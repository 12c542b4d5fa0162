import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClusterNode } from "../../infra/cluster-node.ts";
import { bootOf, type Boot } from "../clouds/boot.ts";
import { serversOf, type CloudsState } from "../clouds/index.ts";
import { hardwareOf } from "./hardware.ts";
import type { Machine } from "./machine.ts";

/** Where a site's packets come from when the configuration does not say: an address of nobody (RFC 5737). */
const unknownSite = "192.0.2.1";

/**
 * Finds the machines that there are, and reads the user-data of each until it makes a node of it: after the first boot, nothing
 * reads it any more.
 */
export class Inventory {
  readonly #planned: readonly ClusterNode[];
  readonly #seeds: string;
  readonly #boots = new Map<string, Boot>();

  /**
   * @param planned the nodes of the configuration
   * @param seeds the folder with the files for machines of one's own, `<node>/user-data`
   */
  constructor(planned: readonly ClusterNode[], seeds: string) {
    this.#planned = planned;
    this.#seeds = seeds;
  }

  async machines(state: CloudsState): Promise<Machine[]> {
    const own = await Promise.all(this.#planned.map((node) => this.#ownMachine(node)));
    const found = [...this.#servers(state), ...own.flatMap((machine) => machine ?? [])];
    this.#forgetBut(found);
    return found;
  }

  #servers(state: CloudsState): Machine[] {
    return serversOf(state).map((server) => {
      const identity = `${server.resource.cloud}/${server.resource.serial}`;
      return {
        name: server.name,
        identity,
        boot: this.#boot(identity, server.userData),
        hardware: hardwareOf(server, this.#planned),
        place: { kind: "cloud", server },
      };
    });
  }

  /** A machine of one's own, once somebody could have put its files on it. */
  async #ownMachine({ name, pool, size, arch }: ClusterNode): Promise<Machine | undefined> {
    if (pool.cloud !== "on-prem") return undefined;
    const file = join(this.#seeds, name, "user-data");
    const userData = await readFile(file, "utf8").catch(() => undefined);
    if (userData === undefined) return undefined;
    const identity = `own/${name}`;
    const { publicAddress, behind } = pool;
    return {
      name,
      identity,
      boot: this.#boot(identity, userData),
      hardware: { ...size, arch },
      place: {
        kind: "site",
        address: publicAddress ?? unknownSite,
        ...(behind !== undefined && { gateway: behind }),
      },
    };
  }

  #boot(identity: string, userData: string): Boot {
    const known = this.#boots.get(identity);
    if (known) return known;
    const boot = bootOf(userData);
    if (boot.joins) this.#boots.set(identity, boot);
    return boot;
  }

  /** A machine of one's own that comes back with new files is set up anew. */
  #forgetBut(found: readonly Machine[]): void {
    const present = new Set(found.map(({ identity }) => identity));
    for (const identity of this.#boots.keys()) if (!present.has(identity)) this.#boots.delete(identity);
  }
}
