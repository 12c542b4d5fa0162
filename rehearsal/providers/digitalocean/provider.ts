import { z } from "zod";
import { CloudClient } from "../../clouds/client.ts";
import { cloudResource } from "../../clouds/cloud-resource.ts";
import type { Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";

const id = z.number();
const text = z.string();
const texts = z.array(text).optional();
const common = { cloud: "digitalocean", autoname: true } as const;

const droplet = cloudResource({
  ...common,
  kind: "droplet",
  inputs: z.strictObject({
    name: text,
    image: text,
    size: text,
    region: text,
    userData: text.optional(),
    sshKeys: texts,
    tags: texts,
    vpcUuid: text.optional(),
    volumeIds: texts,
    ipv6: z.boolean().optional(),
    monitoring: z.boolean().optional(),
    backups: z.boolean().optional(),
    dropletAgent: z.boolean().optional(),
    gracefulShutdown: z.boolean().default(false),
    resizeDisk: z.boolean().default(true),
    publicNetworking: z.boolean().optional(),
  }),
  updatable: ["name", "size", "tags", "volumeIds", "ipv6", "backups", "gracefulShutdown", "resizeDisk"],
  computed: [
    "ipv4Address",
    "ipv4AddressPrivate",
    "ipv6Address",
    "vpcUuid",
    "dropletUrn",
    "status",
    "locked",
    "createdAt",
  ],
  untold: ["userData"],
});

const vpc = cloudResource({
  ...common,
  kind: "vpc",
  inputs: z.strictObject({
    name: text,
    region: text,
    ipRange: text.optional(),
    description: text.max(255).optional(),
  }),
  updatable: ["name", "description"],
  computed: ["ipRange", "vpcUrn", "default", "createdAt"],
});

const peers = {
  protocol: text,
  portRange: text.optional(),
};

const firewall = cloudResource({
  ...common,
  kind: "firewall",
  inputs: z.strictObject({
    name: text,
    dropletIds: z.array(id).optional(),
    tags: texts,
    inboundRules: z
      .array(
        z.strictObject({
          ...peers,
          sourceAddresses: texts,
          sourceDropletIds: z.array(id).optional(),
          sourceTags: texts,
        }),
      )
      .optional(),
    outboundRules: z
      .array(
        z.strictObject({
          ...peers,
          destinationAddresses: texts,
          destinationDropletIds: z.array(id).optional(),
          destinationTags: texts,
        }),
      )
      .optional(),
  }),
  updatable: ["name", "dropletIds", "tags", "inboundRules", "outboundRules"],
  computed: ["status", "pendingChanges", "createdAt"],
});

const sshKey = cloudResource({
  ...common,
  kind: "sshKey",
  inputs: z.strictObject({ name: text, publicKey: text }),
  updatable: ["name"],
  computed: ["fingerprint"],
});

const tag = cloudResource({
  ...common,
  kind: "tag",
  inputs: z.strictObject({ name: text }),
  computed: ["totalResourceCount"],
});

const volume = cloudResource({
  ...common,
  kind: "volume",
  inputs: z.strictObject({
    name: text,
    region: text,
    size: z.int(),
    description: text.optional(),
    initialFilesystemType: z.enum(["ext4", "xfs"]).optional(),
    initialFilesystemLabel: text.optional(),
    tags: texts,
  }),
  updatable: ["size", "tags"],
  computed: ["volumeUrn", "dropletIds"],
});

const volumeAttachment = cloudResource({
  cloud: "digitalocean",
  kind: "volumeAttachment",
  inputs: z.strictObject({ dropletId: id, volumeId: text }),
});

const domain = cloudResource({
  cloud: "digitalocean",
  kind: "domain",
  inputs: z.strictObject({ name: text, ipAddress: text.optional() }),
  computed: ["domainUrn", "ttl"],
});

const dnsRecord = cloudResource({
  ...common,
  kind: "dnsRecord",
  inputs: z.strictObject({
    domain: text,
    name: text,
    type: text,
    value: text,
    ttl: z.int().optional(),
    priority: z.int().optional(),
    port: z.int().optional(),
    weight: z.int().optional(),
    flags: z.int().optional(),
    tag: text.optional(),
  }),
  updatable: ["name", "value", "ttl", "priority", "port", "weight", "flags", "tag"],
  computed: ["fqdn", "ttl"],
});

/** Stand-in for the `digitalocean` provider, at the simulated DigitalOcean. */
export function digitalocean(): Provider {
  return providerOf(
    "digitalocean",
    {
      "digitalocean:index/droplet:Droplet": droplet,
      "digitalocean:index/vpc:Vpc": vpc,
      "digitalocean:index/firewall:Firewall": firewall,
      "digitalocean:index/sshKey:SshKey": sshKey,
      "digitalocean:index/tag:Tag": tag,
      "digitalocean:index/volume:Volume": volume,
      "digitalocean:index/volumeAttachment:VolumeAttachment": volumeAttachment,
      "digitalocean:index/domain:Domain": domain,
      "digitalocean:index/dnsRecord:DnsRecord": dnsRecord,
    },
    {
      "digitalocean:index/getDomain:getDomain": async ({ name }) => {
        const found = await new CloudClient("digitalocean").read("domain", String(name));
        if (found === undefined) throw new Error(`There is no domain "${String(name)}" at DigitalOcean.`);
        return { name, id: found.id, ...found.outputs };
      },
    },
  );
}
