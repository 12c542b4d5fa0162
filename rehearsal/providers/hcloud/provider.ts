import { z } from "zod";
import { CloudClient } from "../../clouds/client.ts";
import { cloudResource } from "../../clouds/cloud-resource.ts";
import type { Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";

const id = z.number();
const text = z.string();
const flag = z.boolean().default(false);
const labels = z.record(text, text).optional();
const common = { cloud: "hcloud", autoname: true } as const;

const server = cloudResource({
  ...common,
  kind: "server",
  inputs: z.strictObject({
    name: text,
    serverType: text,
    image: text,
    location: text,
    userData: text.optional(),
    sshKeys: z.array(text).optional(),
    labels,
    networks: z
      .array(
        z.strictObject({
          networkId: id.optional(),
          subnetId: text.optional(),
          ip: text.optional(),
          aliasIps: z.array(text).optional(),
        }),
      )
      .optional(),
    publicNets: z
      .array(z.strictObject({ ipv4Enabled: z.boolean().optional(), ipv6Enabled: z.boolean().optional() }))
      .optional(),
    firewallIds: z.array(id).optional(),
    placementGroupId: id.optional(),
    backups: flag,
    keepDisk: flag,
    deleteProtection: flag,
    rebuildProtection: flag,
    shutdownBeforeDeletion: flag,
    ignoreRemoteFirewallIds: flag,
    allowDeprecatedImages: flag,
  }),
  // Image, location, user-data and SSH keys are read at the first boot: another value is another server.
  updatable: [
    "name",
    "serverType",
    "labels",
    "networks",
    "publicNets",
    "firewallIds",
    "placementGroupId",
    "backups",
    "keepDisk",
    "deleteProtection",
    "rebuildProtection",
    "shutdownBeforeDeletion",
    "ignoreRemoteFirewallIds",
    "allowDeprecatedImages",
  ],
  computed: [
    "ipv4Address",
    "ipv6Address",
    "ipv6Network",
    "status",
    "primaryDiskSize",
    "backupWindow",
    "datacenter",
  ],
  untold: ["userData"],
});

const network = cloudResource({
  ...common,
  kind: "network",
  inputs: z.strictObject({
    name: text,
    ipRange: text,
    labels,
    deleteProtection: flag,
    exposeRoutesToVswitch: flag,
  }),
  updatable: ["name", "labels", "deleteProtection", "exposeRoutesToVswitch"],
});

const networkSubnet = cloudResource({
  cloud: "hcloud",
  kind: "networkSubnet",
  inputs: z.strictObject({ networkId: id, type: text, ipRange: text, networkZone: text }),
  computed: ["gateway"],
});

const serverNetwork = cloudResource({
  cloud: "hcloud",
  kind: "serverNetwork",
  inputs: z.strictObject({
    serverId: id,
    networkId: id.optional(),
    subnetId: text.optional(),
    ip: text.optional(),
    aliasIps: z.array(text).optional(),
  }),
  updatable: ["aliasIps"],
  computed: ["ip", "networkId", "macAddress"],
});

const firewall = cloudResource({
  ...common,
  kind: "firewall",
  inputs: z.strictObject({
    name: text,
    labels,
    rules: z
      .array(
        z.strictObject({
          direction: text,
          protocol: text,
          port: text.optional(),
          sourceIps: z.array(text).optional(),
          destinationIps: z.array(text).optional(),
          description: text.max(255).optional(),
        }),
      )
      .optional(),
    applyTos: z.array(z.strictObject({ labelSelector: text.optional(), server: id.optional() })).optional(),
  }),
  updatable: ["name", "labels", "rules", "applyTos"],
});

const firewallAttachment = cloudResource({
  cloud: "hcloud",
  kind: "firewallAttachment",
  inputs: z.strictObject({
    firewallId: id,
    serverIds: z.array(id).optional(),
    labelSelectors: z.array(text).optional(),
  }),
  updatable: ["serverIds", "labelSelectors"],
});

const sshKey = cloudResource({
  ...common,
  kind: "sshKey",
  inputs: z.strictObject({ name: text, publicKey: text, labels }),
  updatable: ["name", "labels"],
  computed: ["fingerprint"],
});

const placementGroup = cloudResource({
  ...common,
  kind: "placementGroup",
  inputs: z.strictObject({ name: text, type: z.enum(["spread"]), labels }),
  updatable: ["name", "labels"],
  computed: ["servers"],
});

const volume = cloudResource({
  ...common,
  kind: "volume",
  inputs: z.strictObject({
    name: text,
    size: z.int(),
    location: text.optional(),
    serverId: id.optional(),
    format: z.enum(["ext4", "xfs"]).optional(),
    automount: z.boolean().optional(),
    labels,
    deleteProtection: flag,
  }),
  updatable: ["name", "size", "serverId", "automount", "labels", "deleteProtection"],
  computed: ["linuxDevice"],
});

const volumeAttachment = cloudResource({
  cloud: "hcloud",
  kind: "volumeAttachment",
  inputs: z.strictObject({ volumeId: id, serverId: id, automount: z.boolean().optional() }),
});

const zone = cloudResource({
  ...common,
  kind: "zone",
  inputs: z.strictObject({
    name: text,
    mode: z.enum(["primary"]),
    ttl: z.int().optional(),
    labels,
    deleteProtection: flag,
  }),
  updatable: ["ttl", "labels", "deleteProtection"],
});

const zoneRrset = cloudResource({
  ...common,
  kind: "zoneRrset",
  inputs: z.strictObject({
    zone: text,
    name: text,
    type: text,
    ttl: z.int().optional(),
    labels,
    changeProtection: flag,
    records: z.array(z.strictObject({ value: text, comment: text.optional() })).min(1),
  }),
  updatable: ["ttl", "labels", "changeProtection", "records"],
});

/** Stand-in for the `hcloud` provider, at the simulated Hetzner Cloud. */
export function hcloud(): Provider {
  return providerOf(
    "hcloud",
    {
      "hcloud:index/server:Server": server,
      "hcloud:index/network:Network": network,
      "hcloud:index/networkSubnet:NetworkSubnet": networkSubnet,
      "hcloud:index/serverNetwork:ServerNetwork": serverNetwork,
      "hcloud:index/firewall:Firewall": firewall,
      "hcloud:index/firewallAttachment:FirewallAttachment": firewallAttachment,
      "hcloud:index/sshKey:SshKey": sshKey,
      "hcloud:index/placementGroup:PlacementGroup": placementGroup,
      "hcloud:index/volume:Volume": volume,
      "hcloud:index/volumeAttachment:VolumeAttachment": volumeAttachment,
      "hcloud:index/zone:Zone": zone,
      "hcloud:index/zoneRrset:ZoneRrset": zoneRrset,
    },
    {
      "hcloud:index/getZone:getZone": async ({ name }) => {
        const zones = await new CloudClient("hcloud").list("zone");
        const found = zones.find(({ inputs }) => inputs.name === name);
        if (found === undefined) throw new Error(`There is no DNS zone "${String(name)}" at Hetzner Cloud.`);
        return { ...found.inputs, id: Number(found.id) };
      },
    },
  );
}
