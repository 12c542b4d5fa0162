import { z } from "zod";
import { CloudClient } from "../../clouds/client.ts";
import { cloudResource } from "../../clouds/cloud-resource.ts";
import type { CloudResource } from "../../clouds/inventory.ts";
import type { Properties, Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";

const text = z.string();

const zone = cloudResource({
  cloud: "cloudflare",
  kind: "zone",
  inputs: z.strictObject({
    name: text,
    account: z.strictObject({ id: text.optional() }),
    type: text.optional(),
    paused: z.boolean().optional(),
  }),
  updatable: ["paused", "type"],
  computed: ["status", "nameServers"],
});

const dnsRecord = cloudResource({
  cloud: "cloudflare",
  kind: "dnsRecord",
  inputs: z.strictObject({
    zoneId: text,
    name: text,
    type: text,
    content: text,
    ttl: z.number(),
    proxied: z.boolean().optional(),
    comment: text.max(100).optional(),
    priority: z.number().optional(),
    tags: z.array(text).optional(),
  }),
  updatable: ["name", "type", "content", "ttl", "proxied", "comment", "priority", "tags"],
  computed: ["createdOn", "modifiedOn", "proxiable", "proxied"],
});

/** What `getZone` is asked with: an id, or a filter. */
const zoneQuery = z.object({
  zoneId: text.optional(),
  filter: z.object({ name: text.optional() }).optional(),
});

async function getZone(query: Properties): Promise<Properties> {
  const { zoneId, filter } = zoneQuery.parse(query);
  const zones = await new CloudClient("cloudflare").list("zone");
  const found = zones.find(({ id, inputs }) =>
    zoneId === undefined ? inputs.name === filter?.name : id === zoneId,
  );
  if (found === undefined) {
    throw new Error(
      `There is no zone "${filter?.name ?? zoneId ?? ""}" at Cloudflare: add the domain to the account, or correct uap:dns.zone.`,
    );
  }
  return { ...query, ...described(found) };
}

function described({ id, inputs, outputs }: CloudResource): Properties {
  return { ...outputs, id, zoneId: id, name: inputs.name, paused: false, type: "full" };
}

/** Stand-in for the `cloudflare` provider, at the simulated DNS service. */
export function cloudflare(): Provider {
  return providerOf(
    "cloudflare",
    { "cloudflare:index/zone:Zone": zone, "cloudflare:index/dnsRecord:DnsRecord": dnsRecord },
    { "cloudflare:index/getZone:getZone": getZone },
  );
}
