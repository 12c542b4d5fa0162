import type { OnPremPool, Pool } from "../config/sections/pools.ts";

/**
 * The public addresses of machines on-premises, by node: a site's address is that of the machine which its router forwards to. Where the
 * pool has a single machine and no gateway, it is that machine's.
 */
export function siteAddresses(pools: readonly Pool[]): Record<string, string> {
  const own = pools.filter((pool): pool is OnPremPool => pool.cloud === "on-prem");
  const gateways = new Set(own.flatMap(({ behind }) => behind ?? []));
  return Object.fromEntries(
    own.flatMap(({ hosts, behind, publicAddress }) => {
      const gateway = behind ?? hosts.find((host) => gateways.has(host));
      const machine = gateway ?? (hosts.length === 1 ? hosts[0] : undefined);
      return machine === undefined || publicAddress === undefined ? [] : [[machine, publicAddress]];
    }),
  );
}
