import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../support/mock-engine.ts";
import { sshKey } from "./harness.ts";

/**
 * What creating, reading, changing and deleting a resource calls, by the provider's code and AWS' reference; actions that look only
 * (`ec2:Describe…`) are allowed together.
 */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  "aws:ebs/volume:Volume": ["ec2:CreateVolume", "ec2:ModifyVolume", "ec2:DeleteVolume", "ec2:CreateTags"],
  "aws:ec2/instance:Instance": [
    "ec2:RunInstances",
    "ec2:StartInstances",
    "ec2:StopInstances",
    "ec2:TerminateInstances",
    "ec2:ModifyInstanceAttribute",
    "ec2:ModifyInstanceMetadataOptions",
    "ec2:ReplaceIamInstanceProfileAssociation",
    "iam:PassRole",
  ],
  "aws:ec2/internetGateway:InternetGateway": [
    "ec2:CreateInternetGateway",
    "ec2:AttachInternetGateway",
    "ec2:DetachInternetGateway",
    "ec2:DeleteInternetGateway",
  ],
  "aws:ec2/keyPair:KeyPair": ["ec2:ImportKeyPair", "ec2:DeleteKeyPair"],
  "aws:ec2/placementGroup:PlacementGroup": ["ec2:CreatePlacementGroup", "ec2:DeletePlacementGroup"],
  "aws:ec2/route:Route": ["ec2:CreateRoute", "ec2:ReplaceRoute", "ec2:DeleteRoute"],
  "aws:ec2/routeTable:RouteTable": ["ec2:CreateRouteTable", "ec2:DeleteRouteTable"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    "ec2:AssociateRouteTable",
    "ec2:ReplaceRouteTableAssociation",
    "ec2:DisassociateRouteTable",
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    "ec2:CreateSecurityGroup",
    "ec2:DeleteSecurityGroup",
    // AWS gives a new group a rule that lets everything out; the provider takes it away.
    "ec2:RevokeSecurityGroupEgress",
  ],
  "aws:ec2/subnet:Subnet": ["ec2:CreateSubnet", "ec2:ModifySubnetAttribute", "ec2:DeleteSubnet"],
  "aws:ec2/subnetCidrReservation:SubnetCidrReservation": [
    "ec2:CreateSubnetCidrReservation",
    "ec2:GetSubnetCidrReservations",
    "ec2:DeleteSubnetCidrReservation",
  ],
  "aws:ec2/volumeAttachment:VolumeAttachment": ["ec2:AttachVolume", "ec2:DetachVolume", "ec2:StopInstances"],
  "aws:ec2/vpc:Vpc": ["ec2:CreateVpc", "ec2:ModifyVpcAttribute", "ec2:DeleteVpc"],
  "aws:iam/instanceProfile:InstanceProfile": [
    "iam:CreateInstanceProfile",
    "iam:GetInstanceProfile",
    "iam:DeleteInstanceProfile",
    "iam:TagInstanceProfile",
    "iam:AddRoleToInstanceProfile",
    "iam:RemoveRoleFromInstanceProfile",
    "iam:PassRole",
  ],
  "aws:iam/role:Role": [
    "iam:CreateRole",
    "iam:GetRole",
    "iam:UpdateRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:DeleteRole",
    "iam:TagRole",
    "iam:ListRolePolicies",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfilesForRole",
  ],
  "aws:iam/rolePolicy:RolePolicy": ["iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": [
    "iam:AttachRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:DetachRolePolicy",
  ],
  "aws:route53/record:Record": [
    "route53:ChangeResourceRecordSets",
    "route53:GetChange",
    "route53:GetHostedZone",
    "route53:ListResourceRecordSets",
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:ModifySecurityGroupRules",
    "ec2:RevokeSecurityGroupEgress",
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:ModifySecurityGroupRules",
    "ec2:RevokeSecurityGroupIngress",
  ],
};

/** What instances of the spot market call besides. */
const spotActions = ["ec2:CancelSpotInstanceRequests", "iam:CreateServiceLinkedRole"];

const page = readFileSync(
  join(import.meta.dirname, "..", "..", "..", "docs", "guide", "credentials.md"),
  "utf8",
);

/** The actions of the policy in the guide. */
function allowedActions(): string[] {
  const text = /```json\n([^`]*)```/.exec(page)?.[1] ?? "";
  const { Statement: statements } = JSON.parse(text) as { Statement: { Action: string[] }[] };
  return statements.flatMap(({ Action }) => Action);
}

/** Everything that the program asks of AWS. */
const everything = {
  "uap:domain": "example.org",
  "uap:pools": [
    { name: "control", cloud: "aws", region: "eu-central-1", type: "m7i.xlarge", role: "control-plane" },
    {
      ...{ name: "worker", cloud: "aws", region: "eu-central-1", type: "m7i.xlarge", count: 2 },
      ...{ spot: true, volume: "100Gi" },
    },
  ],
  "uap:dns": { provider: "route53" },
  "uap:acme": { email: "ops@example.org" },
  "uap:access": { operatorCidrs: ["203.0.113.7/32"], sshKeys: [sshKey] },
  "uap:platform": { preset: "minimal", systems: { "cloud-controller": true, "cloud-volumes": true } },
};

describe("the policy for AWS in the guide", () => {
  it("allows what every resource of the program needs", async () => {
    const { resources } = await runProgram("dev", everything);
    const types = new Set(resources.map(({ type }) => type).filter((type) => type.startsWith("aws:")));
    for (const type of ["volumeAttachment", "rolePolicy:", "rolePolicyAttachment", "record"])
      assert.ok(
        [...types].some((one) => one.includes(type)),
        type,
      );
    const allowed = allowedActions();
    for (const type of types) {
      const needed = actionsOf[type];
      assert.ok(needed, `${type} is not in the table`);
      assert.deepEqual(
        needed.filter((action) => !allowed.includes(action)),
        [],
        type,
      );
    }
    assert.deepEqual(
      spotActions.filter((action) => !allowed.includes(action)),
      [],
    );
  });

  it("allows looking at everything of EC2, and names each action once", () => {
    const allowed = allowedActions();
    assert.ok(allowed.includes("ec2:Describe*"));
    assert.deepEqual(allowed, [...new Set(allowed)]);
  });
});
