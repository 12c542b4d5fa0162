import * as pulumi from "@pulumi/pulumi";

/**
 * Holds a firewall against the rules that a cloud takes, where a rule has one source: a mesh of many nodes has too many for its control planes.
 *
 * @param cloud the cloud's name for people
 * @param firewall what the cloud calls the firewall, and whom it is for
 * @throws RunError when there are more rules than it takes.
 */
export function checkRuleQuota(
  cloud: string,
  firewall: string,
  { rules, most }: { readonly rules: number; readonly most: number },
): void {
  if (rules <= most) return;
  throw new pulumi.RunError(
    `uap:pools: the ${firewall} would have ${rules} rules, since each node and each of uap:access.operatorCidrs that comes to the API ` +
      `from outside needs one, but ${cloud} takes ${most}. Put the control planes at hetzner, digitalocean or linode, whose rules take ` +
      "many sources, or have fewer nodes.",
  );
}
