import type { CloudRules } from "../../kind.ts";
import { record, recordsOf, zone } from "./dns.ts";
import { instanceProfile, role, rolePolicy, rolePolicyAttachment } from "./iam.ts";
import { instance, keyPair, placementGroup, serverOf } from "./instances.ts";
import {
  internetGateway,
  route,
  routeTable,
  routeTableAssociation,
  subnet,
  subnetCidrReservation,
  vpc,
} from "./networks.ts";
import {
  filterOf,
  securityGroup,
  securityGroupEgressRule,
  securityGroupIngressRule,
} from "./security-groups.ts";
import { volume, volumeAttachment } from "./volumes.ts";

/** Amazon EC2, IAM and Route 53, as their APIs' documentation describes them. */
export const aws: CloudRules = {
  title: "AWS",
  kinds: {
    vpc,
    subnet,
    subnetCidrReservation,
    internetGateway,
    routeTable,
    route,
    routeTableAssociation,
    securityGroup,
    securityGroupIngressRule,
    securityGroupEgressRule,
    keyPair,
    placementGroup,
    role,
    rolePolicy,
    rolePolicyAttachment,
    instanceProfile,
    instance,
    volume,
    volumeAttachment,
    zone,
    record,
  },
  serverKind: "instance",
  zone: { kind: "zone", input: "name" },
  server: serverOf,
  filter: filterOf,
  records: recordsOf,
};
