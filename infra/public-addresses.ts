import * as pulumi from "@pulumi/pulumi";
import type { CloudServer } from "./clouds/cloud.ts";

/**
 * The public addresses of servers, for those who need them before the servers are declared: firewalls let nodes in that stand at other clouds,
 * or behind the firewall itself.
 */
export class PublicAddresses {
  readonly #known = new Map<string, PromiseWithResolvers<pulumi.Output<string>>>();

  /** The address of a server that is declared sooner or later; else whatever needs it waits for ever. */
  of(node: string): pulumi.Output<string> {
    return pulumi.output(this.#entry(node).promise);
  }

  /** Tells the addresses of servers that are declared. */
  tell(servers: readonly Pick<CloudServer, "node" | "publicIpv4">[]): void {
    for (const { node, publicIpv4 } of servers) this.#entry(node.name).resolve(publicIpv4);
  }

  #entry(node: string): PromiseWithResolvers<pulumi.Output<string>> {
    const entry = this.#known.get(node) ?? Promise.withResolvers<pulumi.Output<string>>();
    this.#known.set(node, entry);
    return entry;
  }
}
