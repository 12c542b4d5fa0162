import { z } from "zod";
import { CloudClient } from "../../clouds/client.ts";
import { cloudResource } from "../../clouds/cloud-resource.ts";
import { systems, type System } from "../../clouds/kinds/vultr/systems.ts";
import type { Properties, Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";

const text = z.string();
const flag = z.boolean().optional();
const number = z.int().optional();

const instance = cloudResource({
  cloud: "vultr",
  kind: "instance",
  inputs: z.strictObject({
    region: text,
    plan: text.min(1),
    osId: number,
    imageId: text.optional(),
    appId: number,
    isoId: text.optional(),
    snapshotId: text.optional(),
    label: text.optional(),
    hostname: text.optional(),
    tags: z.array(text).optional(),
    vpcIds: z.array(text).optional(),
    sshKeyIds: z.array(text).optional(),
    scriptId: text.optional(),
    userData: text.optional(),
    firewallGroupId: text.optional(),
    enableIpv6: flag,
    disablePublicIpv4: flag,
    activationEmail: flag,
    ddosProtection: z.boolean().default(false),
    backups: z.enum(["enabled", "disabled"]).default("disabled"),
  }),
  // Another hostname would install the system anew, so the provider makes another instance of it.
  updatable: [
    "plan",
    "isoId",
    "label",
    "tags",
    "vpcIds",
    "firewallGroupId",
    "enableIpv6",
    "activationEmail",
    "ddosProtection",
    "backups",
  ],
  computed: [
    "os",
    "mainIp",
    "internalIp",
    "v6MainIp",
    "status",
    "powerStatus",
    "serverStatus",
    "dateCreated",
  ],
  untold: ["userData", "sshKeyIds", "activationEmail"],
});

const vpc = cloudResource({
  cloud: "vultr",
  kind: "vpc",
  inputs: z.strictObject({
    region: text,
    description: text.default(""),
    v4Subnet: z.ipv4().optional(),
    v4SubnetMask: number,
  }),
  updatable: ["description"],
  computed: ["v4Subnet", "v4SubnetMask", "dateCreated"],
});

const firewallGroup = cloudResource({
  cloud: "vultr",
  kind: "firewallGroup",
  inputs: z.strictObject({ description: text.default("") }),
  updatable: ["description"],
  computed: ["instanceCount", "ruleCount", "maxRuleCount", "dateCreated", "dateModified"],
});

// A rule cannot be changed: another one takes its place.
const firewallRule = cloudResource({
  cloud: "vultr",
  kind: "firewallRule",
  inputs: z.strictObject({
    firewallGroupId: text,
    protocol: z.enum(["icmp", "tcp", "udp", "gre", "ah", "esp"]),
    ipType: z.enum(["v4", "v6"]),
    subnet: z.union([z.ipv4(), z.ipv6()]),
    subnetSize: z.int(),
    port: text.default(""),
    notes: text.default(""),
    source: z.enum(["", "cloudflare"]).optional(),
  }),
});

const sshKey = cloudResource({
  cloud: "vultr",
  kind: "sSHKey",
  autoname: true,
  inputs: z.strictObject({ name: text, sshKey: text }),
  updatable: ["name", "sshKey"],
  computed: ["dateCreated"],
});

const dnsRecord = cloudResource({
  cloud: "vultr",
  kind: "dnsRecord",
  autoname: true,
  inputs: z.strictObject({
    domain: text,
    name: text,
    type: z.enum(["A", "AAAA", "CNAME", "NS", "MX", "SRV", "TXT", "CAA", "SSHFP"]),
    data: text,
    ttl: z.int().default(3600),
    priority: number,
  }),
  updatable: ["name", "data", "ttl", "priority"],
});

const systemQuery = z.object({
  filters: z.array(
    z.strictObject({ name: z.enum(["id", "name", "arch", "family"]), values: z.array(text).min(1) }),
    { error: "a filter is needed" },
  ),
});

/** The only operating system that fits all filters. */
function getOs(query: Properties): Promise<Properties> {
  const { filters } = systemQuery.parse(query);
  const fits = (system: System) => filters.every(({ name, values }) => values.includes(String(system[name])));
  const [found, ...others] = systems.filter(fits);
  if (found === undefined) throw new Error("No operating system at Vultr fits the filters.");
  if (others.length > 0) throw new Error("Several operating systems at Vultr fit the filters: name one.");
  return Promise.resolve({ ...query, ...found, id: String(found.id) });
}

async function getDnsDomain({ domain }: Properties): Promise<Properties> {
  const found = await new CloudClient("vultr").read("dnsDomain", String(domain));
  if (found === undefined) throw new Error(`There is no DNS domain "${String(domain)}" at Vultr.`);
  return { domain, id: found.id, ...found.outputs };
}

/** Stand-in for the `vultr` provider, at the simulated Vultr. */
export function vultr(): Provider {
  return providerOf(
    "vultr",
    {
      "vultr:index/instance:Instance": instance,
      "vultr:index/vpc:Vpc": vpc,
      "vultr:index/firewallGroup:FirewallGroup": firewallGroup,
      "vultr:index/firewallRule:FirewallRule": firewallRule,
      "vultr:index/sSHKey:SSHKey": sshKey,
      "vultr:index/dnsRecord:DnsRecord": dnsRecord,
    },
    {
      "vultr:index/getOs:getOs": getOs,
      "vultr:index/getDnsDomain:getDnsDomain": getDnsDomain,
    },
  );
}
