import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type * as pulumi from "@pulumi/pulumi";
import { isIpv6, sourceName, sourceRange, type FirewallRule, type FirewallSource } from "../firewall.ts";
import { cloudName } from "./cloud-names.ts";
import type { FirewallTarget } from "./firewall-targets.ts";
import { checkRuleQuota } from "./rule-quota.ts";

/** What the security groups of one region are told. */
export interface AwsFirewallArgs {
  readonly cluster: string;
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  readonly targets: readonly FirewallTarget[];
  readonly firewall: readonly FirewallRule[];
  readonly tags: (name: string) => Record<string, string>;
}

/** The security groups of one region, and their rules. */
export interface AwsFirewall {
  readonly groups: ReadonlyMap<FirewallTarget, SecurityGroup>;
  /** The rules that are known before there are servers: each server is made when they are all there. */
  readonly rules: readonly pulumi.Resource[];
}

/** Rules for what comes in that a security group takes: the quota of accounts that have not asked for more. */
const mostRules = 60;

/**
 * Holds the rules of every target against AWS' quota.
 *
 * @throws RunError when a security group would have more.
 */
export function checkAwsRules(firewall: readonly FirewallRule[], targets: readonly FirewallTarget[]): void {
  for (const target of targets) {
    const rules = openingsFor(target, firewall).size;
    checkRuleQuota("AWS", `security group of the target ${target}`, { rules, most: mostRules });
  }
}

/** Makes a security group for each target. One rule is one source, so that a source that comes or goes leaves the others as they are. */
export function makeAwsFirewall(name: string, args: AwsFirewallArgs, parent: pulumi.Resource): AwsFirewall {
  const { cluster, region, vpcId, targets, tags } = args;
  const groups = new Map(
    targets.map((target) => [
      target,
      new SecurityGroup(
        `${name}-${target}`,
        {
          region,
          vpcId,
          // Not the cluster first: AWS refuses names that begin with "sg-".
          name: cloudName(63, "uap", cluster, name, target),
          description: `Cluster ${cluster}: ${target}`,
          tags: tags(`${name}-${target}`),
        },
        { parent },
      ),
    ]),
  );
  const rules = [...groups].flatMap(([target, group]) => [
    ...makeIngress(`${name}-${target}`, target, group, args, parent),
    // Once: what several groups open adds up.
    ...(target === "all" ? makeEgress(name, group, args, parent) : []),
  ]);
  return { groups, rules };
}

function makeIngress(
  name: string,
  target: FirewallTarget,
  group: SecurityGroup,
  { firewall, region, tags }: AwsFirewallArgs,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const rules = [...openingsFor(target, firewall)].map(([key, { rule, isKnown }]) => ({
    isKnown,
    resource: new SecurityGroupIngressRule(
      `${name}-${key}`,
      { region, securityGroupId: group.id, ...rule, tags: tags(name) },
      { parent },
    ),
  }));
  return rules.filter(({ isKnown }) => isKnown).map(({ resource }) => resource);
}

/** What comes in, by name: AWS refuses what is there already, and two rules may open the same. */
function openingsFor(target: FirewallTarget, firewall: readonly FirewallRule[]) {
  const openings = firewall
    .filter((rule) => rule.target === target)
    .flatMap((rule) => rule.sources.map((source) => awsRule(rule, source)));
  return new Map(openings.map((opening) => [opening.key, opening]));
}

function makeEgress(
  name: string,
  group: SecurityGroup,
  { region, tags }: AwsFirewallArgs,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const common = { region, securityGroupId: group.id, ipProtocol: "-1", tags: tags(name) };
  return [
    new SecurityGroupEgressRule(`${name}-out-ipv4`, { ...common, cidrIpv4: "0.0.0.0/0" }, { parent }),
    new SecurityGroupEgressRule(`${name}-out-ipv6`, { ...common, cidrIpv6: "::/0" }, { parent }),
  ];
}

/** A rule for one source as AWS writes it, and a name that follows from what it opens. */
export function awsRule({ description, protocol, ports }: FirewallRule, source: FirewallSource) {
  const range = sourceRange(source);
  return {
    key: [protocol, ...(ports ? [ports.from, ports.to] : []), sourceName(source)].join("-"),
    isKnown: typeof source === "string",
    rule: {
      ...awsProtocol(protocol, ports, isIpv6(source)),
      ...(isIpv6(source) ? { cidrIpv6: range } : { cidrIpv4: range }),
      description: describe(description),
    },
  };
}

function awsProtocol(protocol: FirewallRule["protocol"], ports: FirewallRule["ports"], ipv6: boolean) {
  // By its number, and without ports.
  if (protocol === "ipip") return { ipProtocol: "4" };
  // To AWS, -1 is every type and code of ICMP.
  const { from, to } = ports ?? { from: -1, to: -1 };
  return { ipProtocol: protocol === "icmp" && ipv6 ? "icmpv6" : protocol, fromPort: from, toPort: to };
}

/** AWS allows few characters in descriptions, and 255 of them. */
function describe(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]/g, " ").slice(0, 255);
}
