import { z } from "zod";
import { cloudResource } from "../../clouds/cloud-resource.ts";
import type { Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";

const text = z.string();
const ids = z.array(text).optional();
const zonal = { zone: text.optional(), tags: z.array(text).optional() };
const regional = { region: text.optional(), tags: z.array(text).optional() };
const named = { cloud: "scaleway", autoname: true } as const;
const policy = z.enum(["accept", "drop"]);

const server = cloudResource({
  ...named,
  kind: "server",
  inputs: z.strictObject({
    ...zonal,
    name: text,
    type: text,
    image: text.optional(),
    cloudInit: text.max(127_998).optional(),
    ipIds: ids,
    securityGroupId: text.optional(),
    placementGroupId: text.optional(),
    enableDynamicIp: z.boolean().default(false),
    protected: z.boolean().default(false),
    rootVolume: z
      .strictObject({
        volumeType: text.optional(),
        sizeInGb: z.int().optional(),
        deleteOnTermination: z.boolean().default(true),
        name: text.optional(),
        sbsIops: z.int().optional(),
      })
      .optional(),
  }),
  // User-data changes in place too: the server reads it at its next boot. Another type is a migration.
  updatable: [
    "name",
    "type",
    "tags",
    "cloudInit",
    "ipIds",
    "securityGroupId",
    "placementGroupId",
    "enableDynamicIp",
    "protected",
  ],
  computed: ["state", "publicIps"],
});

const ip = cloudResource({
  cloud: "scaleway",
  kind: "ip",
  inputs: z.strictObject({ ...zonal, type: text.optional() }),
  updatable: ["tags"],
  computed: ["address", "prefix", "reverse", "type"],
});

const groupRule = z.strictObject({
  action: policy,
  protocol: z.enum(["TCP", "UDP", "ICMP", "ANY"]).default("TCP"),
  port: z.int().optional(),
  portRange: text.optional(),
  ipRange: z.union([z.cidrv4(), z.cidrv6()]),
});

const securityGroup = cloudResource({
  ...named,
  kind: "securityGroup",
  inputs: z.strictObject({
    ...zonal,
    name: text,
    description: text.optional(),
    stateful: z.boolean().default(true),
    inboundDefaultPolicy: policy.default("accept"),
    outboundDefaultPolicy: policy.default("accept"),
    inboundRules: z.array(groupRule).optional(),
    outboundRules: z.array(groupRule).optional(),
    enableDefaultSecurity: z.boolean().default(true),
  }),
  updatable: [
    "name",
    "description",
    "tags",
    "stateful",
    "inboundDefaultPolicy",
    "outboundDefaultPolicy",
    "inboundRules",
    "outboundRules",
    "enableDefaultSecurity",
  ],
});

const privateNic = cloudResource({
  cloud: "scaleway",
  kind: "privateNic",
  inputs: z.strictObject({ ...zonal, serverId: text, privateNetworkId: text, ipamIpIds: ids }),
  updatable: ["tags"],
  computed: ["macAddress", "privateIps"],
});

const vpc = cloudResource({
  ...named,
  kind: "vpc",
  inputs: z.strictObject({ ...regional, name: text, enableRouting: z.boolean().optional() }),
  updatable: ["name", "tags", "enableRouting"],
  computed: ["isDefault", "createdAt", "updatedAt"],
});

const privateNetwork = cloudResource({
  ...named,
  kind: "privateNetwork",
  inputs: z.strictObject({
    ...regional,
    name: text,
    vpcId: text.optional(),
    ipv4Subnet: z.strictObject({ subnet: z.cidrv4().optional() }).optional(),
  }),
  updatable: ["name", "tags"],
  computed: ["ipv4Subnet", "createdAt", "updatedAt"],
});

const ipamIp = cloudResource({
  cloud: "scaleway",
  kind: "ipamIp",
  inputs: z.strictObject({
    ...regional,
    address: text.optional(),
    isIpv6: z.literal(false).default(false),
    sources: z.array(z.strictObject({ privateNetworkId: text })).length(1),
  }),
  updatable: ["tags"],
  computed: ["address", "addressCidr", "createdAt", "updatedAt"],
});

const sshKey = cloudResource({
  ...named,
  kind: "sshKey",
  inputs: z.strictObject({ name: text, publicKey: text, disabled: z.boolean().default(false) }),
  updatable: ["name", "disabled"],
  computed: ["fingerprint", "createdAt", "updatedAt"],
});

/** Stand-in for the `scaleway` provider, at the simulated Scaleway. */
export function scaleway(): Provider {
  return providerOf("scaleway", {
    "scaleway:instance/server:Server": server,
    "scaleway:instance/ip:Ip": ip,
    "scaleway:instance/securityGroup:SecurityGroup": securityGroup,
    "scaleway:instance/privateNic:PrivateNic": privateNic,
    "scaleway:network/vpc:Vpc": vpc,
    "scaleway:network/privateNetwork:PrivateNetwork": privateNetwork,
    "scaleway:ipam/ip:Ip": ipamIp,
    "scaleway:iam/sshKey:SshKey": sshKey,
  });
}
