import { createHash } from "node:crypto";
import { z } from "zod";
import { CloudClient } from "../../clouds/client.ts";
import { cloudResource } from "../../clouds/cloud-resource.ts";
import type { Properties, Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";
import { servers } from "./servers.ts";
import { common, taggable } from "./taggable.ts";

const text = z.string();
const flag = z.boolean().optional();
const port = z.int().optional();

const groupRule = {
  securityGroupId: text,
  ipProtocol: text,
  fromPort: port,
  toPort: port,
  cidrIpv4: text.optional(),
  cidrIpv6: text.optional(),
  referencedSecurityGroupId: text.optional(),
  description: text.max(255).optional(),
};
const groupRuleLife = {
  updatable: Object.keys(groupRule).filter((name) => name !== "securityGroupId"),
  computed: ["securityGroupRuleId"],
};

const network = {
  "aws:ec2/vpc:Vpc": taggable(
    "vpc",
    { cidrBlock: text, assignGeneratedIpv6CidrBlock: flag, enableDnsSupport: flag, enableDnsHostnames: flag },
    {
      updatable: ["assignGeneratedIpv6CidrBlock", "enableDnsSupport", "enableDnsHostnames"],
      computed: ["arn", "ipv6CidrBlock"],
    },
  ),
  "aws:ec2/subnet:Subnet": taggable(
    "subnet",
    {
      vpcId: text,
      availabilityZone: text,
      cidrBlock: text,
      ipv6CidrBlock: text.optional(),
      assignIpv6AddressOnCreation: flag,
      mapPublicIpOnLaunch: flag,
    },
    { updatable: ["ipv6CidrBlock", "assignIpv6AddressOnCreation", "mapPublicIpOnLaunch"], computed: ["arn"] },
  ),
  "aws:ec2/subnetCidrReservation:SubnetCidrReservation": cloudResource({
    cloud: "aws",
    kind: "subnetCidrReservation",
    inputs: z.strictObject({
      region: common.region,
      subnetId: text,
      cidrBlock: text,
      reservationType: z.enum(["explicit", "prefix"]),
      description: text.optional(),
    }),
    computed: ["ownerId"],
  }),
  "aws:ec2/internetGateway:InternetGateway": taggable(
    "internetGateway",
    { vpcId: text.optional() },
    { updatable: ["vpcId"] },
  ),
  "aws:ec2/routeTable:RouteTable": taggable("routeTable", { vpcId: text }),
  "aws:ec2/route:Route": cloudResource({
    cloud: "aws",
    kind: "route",
    inputs: z.strictObject({
      region: common.region,
      routeTableId: text,
      gatewayId: text,
      destinationCidrBlock: text.optional(),
      destinationIpv6CidrBlock: text.optional(),
    }),
    updatable: ["gatewayId"],
  }),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": cloudResource({
    cloud: "aws",
    kind: "routeTableAssociation",
    inputs: z.strictObject({ region: common.region, subnetId: text, routeTableId: text }),
    updatable: ["routeTableId"],
  }),
  "aws:ec2/securityGroup:SecurityGroup": taggable(
    "securityGroup",
    { name: text, vpcId: text, description: text.max(255).optional() },
    { computed: ["arn"], autoname: true },
  ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": taggable(
    "securityGroupIngressRule",
    groupRule,
    groupRuleLife,
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": taggable(
    "securityGroupEgressRule",
    groupRule,
    groupRuleLife,
  ),
};

const identity = {
  "aws:iam/role:Role": taggable(
    "role",
    { name: text.max(64), assumeRolePolicy: text, description: text.optional() },
    { updatable: ["assumeRolePolicy", "description"], computed: ["arn", "uniqueId"], autoname: true },
  ),
  "aws:iam/rolePolicy:RolePolicy": cloudResource({
    cloud: "aws",
    kind: "rolePolicy",
    inputs: z.strictObject({ name: text.optional(), role: text, policy: text }),
    updatable: ["policy"],
  }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": cloudResource({
    cloud: "aws",
    kind: "rolePolicyAttachment",
    inputs: z.strictObject({ role: text, policyArn: text }),
  }),
  "aws:iam/instanceProfile:InstanceProfile": taggable(
    "instanceProfile",
    { name: text.max(128), role: text.optional() },
    { updatable: ["role"], computed: ["arn"], autoname: true },
  ),
};

const record = cloudResource({
  cloud: "aws",
  kind: "record",
  inputs: z.strictObject({
    zoneId: text,
    name: text,
    type: text,
    ttl: z.int().optional(),
    records: z.array(text).optional(),
    allowOverwrite: flag,
  }),
  updatable: ["type", "ttl", "records", "allowOverwrite"],
  computed: ["fqdn"],
});

const imageQuery = z.looseObject({
  region: text.optional(),
  owners: z.array(text).optional(),
  filters: z.array(z.strictObject({ name: text, values: z.array(text) })).optional(),
});

/** The image of a query: always the same, another one for another query. */
function getAmi(query: Properties): Promise<Properties> {
  const { filters = [], owners = [], region = "" } = imageQuery.parse(query);
  const digits = createHash("sha256")
    .update(JSON.stringify([filters, owners, region]))
    .digest("hex");
  const id = `ami-0${digits.slice(0, 16)}`;
  const name = filters.find((filter) => filter.name === "name")?.values[0] ?? "image";
  return Promise.resolve({
    ...query,
    id,
    imageId: id,
    name: name.replaceAll("*", "20260101"),
    ownerId: owners[0],
  });
}

function getAvailabilityZones(query: Properties): Promise<Properties> {
  const region = typeof query.region === "string" ? query.region : "us-east-1";
  const names = ["a", "b", "c"].map((letter) => `${region}${letter}`);
  return Promise.resolve({ ...query, id: region, names, zoneIds: names });
}

async function getZone(query: Properties): Promise<Properties> {
  const zones = await new CloudClient("aws").list("zone");
  const name = String(query.name).replace(/\.$/, "");
  const found = zones.find(({ id, inputs }) =>
    query.zoneId === undefined ? inputs.name === name : id === query.zoneId,
  );
  if (found === undefined)
    throw new Error(`There is no hosted zone "${name}" at Route 53: create it, or correct uap:dns.zone.`);
  return { ...query, id: found.id, zoneId: found.id, name: found.inputs.name };
}

/** Stand-in for the `aws` provider, at the simulated EC2, IAM and Route 53. */
export function aws(): Provider {
  return providerOf(
    "aws",
    {
      ...network,
      ...identity,
      ...servers,
      "aws:ec2/keyPair:KeyPair": taggable(
        "keyPair",
        { keyName: text, publicKey: text },
        { computed: ["keyPairId", "fingerprint"] },
      ),
      "aws:ec2/placementGroup:PlacementGroup": taggable(
        "placementGroup",
        { name: text, strategy: z.enum(["cluster", "spread", "partition"]) },
        { computed: ["placementGroupId"], autoname: true },
      ),
      "aws:route53/record:Record": record,
    },
    {
      "aws:ec2/getAmi:getAmi": getAmi,
      "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
      "aws:route53/getZone:getZone": getZone,
    },
  );
}
