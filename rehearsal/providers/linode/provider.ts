import { z } from "zod";
import { CloudClient } from "../../clouds/client.ts";
import { cloudResource } from "../../clouds/cloud-resource.ts";
import type { Properties, Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";
import { withInterfaces } from "./interfaces.ts";

const id = z.number();
const text = z.string();
const flag = z.boolean().default(false);
const tags = z.array(text).optional();
const policy = z.enum(["ACCEPT", "DROP"]);

const instance = cloudResource({
  cloud: "linode",
  kind: "instance",
  inputs: z.strictObject({
    region: text,
    type: text.default("g6-standard-1"),
    image: text.optional(),
    // The provider is stricter than the API, which takes 64 characters.
    label: text.min(3).max(50).optional(),
    tags,
    authorizedKeys: z.array(text).optional(),
    firewallId: id.optional(),
    ipv4s: z.array(text).optional(),
    interfaces: z
      .array(
        z.strictObject({
          purpose: text,
          primary: z.boolean().optional(),
          subnetId: id.optional(),
          ipv4: z.strictObject({ vpc: text.optional(), nat11: text.optional() }).optional(),
          label: text.optional(),
          ipamAddress: text.optional(),
          ipRanges: z.array(text).optional(),
        }),
      )
      .optional(),
    metadatas: z.array(z.strictObject({ userData: text.optional() })).optional(),
    backupsEnabled: z.boolean().optional(),
    privateIp: z.boolean().optional(),
    watchdogEnabled: z.boolean().default(true),
    resizeDisk: flag,
    swapSize: z.int().optional(),
    migrationType: z.enum(["cold", "warm"]).default("cold"),
  }),
  // Another region is a migration. Image, keys, user-data, addresses and the firewall's id are read at the creation only.
  updatable: [
    "region",
    "type",
    "label",
    "tags",
    "interfaces",
    "backupsEnabled",
    "privateIp",
    "watchdogEnabled",
    "resizeDisk",
    "swapSize",
    "migrationType",
  ],
  computed: ["label", "ipAddress", "ipv4s", "ipv6", "status", "hasUserData"],
  untold: ["authorizedKeys", "firewallId", "metadatas"],
});

// Only addresses that are reserved: others come and go with their servers.
const networkingIp = cloudResource({
  cloud: "linode",
  kind: "networkingIp",
  inputs: z.strictObject({
    region: text,
    reserved: z.literal(true),
    public: z.literal(true),
    type: z.literal("ipv4").default("ipv4"),
  }),
  computed: ["address", "prefix", "rdns"],
});

const firewallRule = z.strictObject({
  label: text.min(3).max(32),
  action: policy,
  protocol: z.enum(["TCP", "UDP", "ICMP", "IPENCAP"]),
  description: text.default(""),
  ports: text.min(1).optional(),
  ipv4s: z.array(text).min(1).optional(),
  ipv6s: z.array(text).min(1).optional(),
});

const firewall = cloudResource({
  cloud: "linode",
  kind: "firewall",
  inputs: z.strictObject({
    label: text.min(3).max(32),
    tags,
    disabled: flag,
    inboundPolicy: policy,
    outboundPolicy: policy,
    inbounds: z.array(firewallRule).optional(),
    outbounds: z.array(firewallRule).optional(),
    linodes: z.array(id).optional(),
    nodebalancers: z.array(id).optional(),
  }),
  updatable: [
    "label",
    "tags",
    "disabled",
    "inboundPolicy",
    "outboundPolicy",
    "inbounds",
    "outbounds",
    "linodes",
    "nodebalancers",
  ],
  computed: ["status", "devices", "created", "updated"],
});

const vpc = cloudResource({
  cloud: "linode",
  kind: "vpc",
  inputs: z.strictObject({ label: text, region: text, description: text.optional() }),
  updatable: ["label", "description"],
  computed: ["created", "updated"],
});

const vpcSubnet = cloudResource({
  cloud: "linode",
  kind: "vpcSubnet",
  inputs: z.strictObject({ vpcId: id, label: text, ipv4: text }),
  updatable: ["label"],
  computed: ["linodes", "created", "updated"],
});

const domainRecord = cloudResource({
  cloud: "linode",
  kind: "domainRecord",
  inputs: z.strictObject({
    domainId: id,
    name: text.max(100).optional(),
    recordType: text,
    target: text,
    ttlSec: z.int().optional(),
    priority: z.int().min(0).max(255).optional(),
    port: z.int().optional(),
    weight: z.int().optional(),
    protocol: text.optional(),
    service: text.optional(),
    tag: text.optional(),
  }),
  updatable: ["name", "target", "ttlSec", "priority", "port", "weight", "protocol", "service", "tag"],
});

/** What `getDomain` is asked with: one of them. */
const domainQuery = z.object({ id: id.optional(), domain: text.optional() });

async function getDomain(query: Properties): Promise<Properties> {
  const wanted = domainQuery.parse(query);
  const domains = await new CloudClient("linode").list("domain");
  const found = domains.find((one) =>
    wanted.id === undefined ? one.inputs.domain === wanted.domain : one.id === String(wanted.id),
  );
  if (found === undefined) {
    throw new Error(`There is no domain "${wanted.domain ?? String(wanted.id)}" at Linode.`);
  }
  return { type: "master", ...found.inputs, ...found.outputs, id: Number(found.id) };
}

/** Stand-in for the `linode` provider, at the simulated Linode. */
export function linode(): Provider {
  return providerOf(
    "linode",
    {
      "linode:index/instance:Instance": withInterfaces(instance),
      "linode:index/networkingIp:NetworkingIp": networkingIp,
      "linode:index/firewall:Firewall": firewall,
      "linode:index/vpc:Vpc": vpc,
      "linode:index/vpcSubnet:VpcSubnet": vpcSubnet,
      "linode:index/domainRecord:DomainRecord": domainRecord,
    },
    { "linode:index/getDomain:getDomain": getDomain },
  );
}
