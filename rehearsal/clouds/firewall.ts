/** Which packets arrive: firewalls and private networks of the simulated clouds. */
import { isInRange } from "./checks.ts";
import type { CloudsState } from "./inventory.ts";
import type { SimulatedServer } from "./kind.ts";
import { rules } from "./kinds/index.ts";
import { serversOf } from "./servers.ts";

/** Whether packets arrive, and the reason why not. */
export type Reach = { readonly reached: true } | { readonly reached: false; readonly reason: string };

/**
 * Tells whether a machine could reach a port of a server.
 *
 * @param from a server, or the address of a machine elsewhere on the internet.
 * @param to an address of a server, public or private.
 * @param port ignored for icmp.
 */
export function canReach(
  from: SimulatedServer | string,
  to: string,
  port: number,
  protocol: "tcp" | "udp" | "icmp",
  state: CloudsState,
): Reach {
  const servers = serversOf(state);
  const target = servers.find(({ publicAddress }) => publicAddress === to);
  if (target !== undefined) {
    const source = typeof from === "string" ? from : from.publicAddress;
    return passes(target, source, port, protocol, state, false);
  }
  if (typeof from === "string") return no(`${to} is not a public address of any server.`);
  for (const { network, address } of from.privateAddresses) {
    const neighbour = servers.find((server) => isAt(server, network, to));
    if (neighbour !== undefined) return passes(neighbour, address, port, protocol, state, true);
  }
  return no(`${to} is not an address in a network of ${from.name}, and not a public one.`);
}

function isAt(server: SimulatedServer, network: string, address: string): boolean {
  return server.privateAddresses.some((own) => own.network === network && own.address === address);
}

function passes(
  target: SimulatedServer,
  source: string,
  port: number,
  protocol: "tcp" | "udp" | "icmp",
  state: CloudsState,
  isPrivate: boolean,
): Reach {
  const filter = rules[target.resource.cloud].filter?.(target.resource, state);
  if (filter?.openings === undefined || (isPrivate && !filter.filtersPrivate)) return { reached: true };
  const open = filter.openings.some(
    (opening) =>
      (opening.protocol === "any" || opening.protocol === protocol) &&
      (protocol === "icmp" || (opening.from <= port && port <= opening.to)) &&
      opening.sources.some((range) => isInRange(source, range)),
  );
  const what = protocol === "icmp" ? "icmp" : `${protocol} port ${port}`;
  return open
    ? { reached: true }
    : no(`The firewall of ${target.name} does not let ${source} in at ${what}.`);
}

function no(reason: string): Reach {
  return { reached: false, reason };
}
