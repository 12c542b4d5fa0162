import { portText, rulesFor } from "../clouds/node-firewall.ts";
import { firewallRules } from "./firewall-rules.ts";
import type { NodeBootstrap } from "./node-bootstrap.ts";

/**
 * Part of the bootstrap script: `open_host_firewall`, which deals with UFW where it is active, as on Vultr's image of Ubuntu, which lets in
 * nothing but SSH.
 *
 * Every server stands behind its cloud's firewall, which has the cluster's rules, so UFW is switched off there. A machine of one's own may
 * have no other firewall: it keeps its UFW, and the log tells what that has to let in, see {@link ufwPasses}.
 */
export const hostFirewallSteps = `open_host_firewall() {
  command -v ufw >/dev/null || return 0
  LC_ALL=C ufw status | grep -q '^Status: active' || return 0
  if [ -n "$ufw_passes" ]; then
    say "ufw is active on this machine and stays so: it has to let in $ufw_passes"
  else
    ufw --force disable || fail 'ufw cannot be switched off, and would keep the cluster out'
    say "ufw was active and is switched off: the cloud's firewall has the cluster's rules"
  fi
}
`;

/**
 * What UFW has to let in on a machine of one's own; empty for servers. Pods and services have ranges of their own, whose packets
 * UFW would stop too (https://docs.k3s.io/installation/requirements).
 */
export function ufwPasses({ node, cluster }: NodeBootstrap): string {
  if (node.pool.cloud !== "on-prem") return "";
  const { network, podCidr, serviceCidr, privateCidr } = cluster;
  const rules = firewallRules({ network, privateCidr, access: { operatorCidrs: [], allowWorld: false } });
  const ports = rulesFor(rules, node).flatMap(({ protocol, ports: range }) =>
    range ? [`${portText(range, ":")}/${protocol}`] : [],
  );
  return `${[...new Set(ports)].join(", ")}, and whatever comes from ${podCidr} and ${serviceCidr}`;
}
