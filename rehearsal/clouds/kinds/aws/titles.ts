import { mustExistAt } from "../existing.ts";

/** What messages call one of each kind. */
export const titles = {
  vpc: "VPC",
  subnet: "subnet",
  subnetCidrReservation: "subnet CIDR reservation",
  internetGateway: "internet gateway",
  routeTable: "route table",
  route: "route",
  routeTableAssociation: "route table association",
  securityGroup: "security group",
  securityGroupIngressRule: "ingress rule",
  securityGroupEgressRule: "egress rule",
  keyPair: "key pair",
  placementGroup: "placement group",
  role: "role",
  rolePolicy: "role policy",
  rolePolicyAttachment: "role policy attachment",
  instanceProfile: "instance profile",
  instance: "instance",
  volume: "volume",
  volumeAttachment: "volume attachment",
  zone: "hosted zone",
  record: "record set",
} as const;

/** The resource with an id. @throws CloudError when there is none */
export const mustExist = mustExistAt("aws", titles);
