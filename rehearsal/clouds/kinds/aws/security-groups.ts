import { checkOneOf, checkRange } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { allOf, list, text, type CloudResource, type CloudsState } from "../../inventory.ts";
import type { Filter, Kind, Opening } from "../../kind.ts";
import { arn, prefixed } from "./identity.ts";
import { needs } from "./references.ts";
import { mustExist, titles } from "./titles.ts";

export const securityGroup: Kind = {
  title: titles.securityGroup,
  id: prefixed("sg"),
  unique: (inputs) => `${text(inputs, "vpcId")} ${text(inputs, "name")}`,
  check: (wish) => {
    needs("vpcId", "vpc")(wish);
    if (text(wish.inputs, "name").startsWith("sg-"))
      throw invalid('The name of a security group cannot begin with "sg-".');
  },
  outputs: ({ id }) => ({ arn: arn("ec2", `security-group/${id}`) }),
  held: ({ id }, state) =>
    allOf(state, "aws", "instance").some(({ inputs }) => list(inputs, "vpcSecurityGroupIds").includes(id))
      ? "is in use by an instance."
      : undefined,
  owns: ({ id }, other) =>
    /^securityGroup.*Rule$/.test(other.kind) && text(other.inputs, "securityGroupId") === id,
};

export const securityGroupIngressRule = groupRule("securityGroupIngressRule");
export const securityGroupEgressRule = groupRule("securityGroupEgressRule");

/** Rules of one direction in a group, by AWS' default quota. */
const ruleLimit = 60;

function groupRule(kind: "securityGroupIngressRule" | "securityGroupEgressRule"): Kind {
  const parts = [
    "securityGroupId",
    "ipProtocol",
    "fromPort",
    "toPort",
    "cidrIpv4",
    "cidrIpv6",
    "referencedSecurityGroupId",
  ];
  return {
    title: titles[kind],
    id: prefixed("sgr"),
    unique: (inputs) => parts.map((part) => text(inputs, part)).join(" "),
    check: ({ inputs, others }) => {
      mustExist(others, "securityGroup", inputs.securityGroupId);
      const rules = allOf(others, "aws", kind).filter(
        (other) => other.inputs.securityGroupId === inputs.securityGroupId,
      );
      if (rules.length >= ruleLimit) throw invalid(`A security group has at most ${ruleLimit} rules.`);
      const peers = [inputs.cidrIpv4, inputs.cidrIpv6, inputs.referencedSecurityGroupId].filter(Boolean);
      if (peers.length !== 1) throw invalid("A rule is for exactly one range or security group.");
      for (const range of [text(inputs, "cidrIpv4"), text(inputs, "cidrIpv6")])
        if (range !== "") checkRange(range);
      checkOneOf("protocol", text(inputs, "ipProtocol"), ["tcp", "udp", "icmp", "icmpv6", "4", "-1"]);
    },
    outputs: ({ digits }) => ({ securityGroupRuleId: `sgr-0${digits.slice(0, 16)}` }),
  };
}

/** Without a rule that opens it, everything is closed. */
export function filterOf(instance: CloudResource, state: CloudsState): Filter {
  const groups = list(instance.inputs, "vpcSecurityGroupIds");
  const openings = allOf(state, "aws", "securityGroupIngressRule")
    .filter(({ inputs }) => groups.includes(inputs.securityGroupId))
    .map(({ inputs }) => ({
      protocol: (text(inputs, "ipProtocol") === "-1"
        ? "any"
        : text(inputs, "ipProtocol")) as Opening["protocol"],
      from: Number(inputs.fromPort ?? 0),
      to: Number(inputs.toPort ?? 65_535),
      sources: [
        text(inputs, "cidrIpv4"),
        text(inputs, "cidrIpv6"),
        ...membersOf(inputs.referencedSecurityGroupId, state),
      ].filter((source) => source !== ""),
    }));
  return { openings, filtersPrivate: true };
}

/** The private addresses of the instances in a security group. */
function membersOf(group: unknown, state: CloudsState): readonly string[] {
  return allOf(state, "aws", "instance")
    .filter(({ inputs }) => list(inputs, "vpcSecurityGroupIds").includes(group))
    .map(({ outputs }) => text(outputs, "privateIp"));
}
