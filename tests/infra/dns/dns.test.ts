import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { dnsProviders, type Dns, type DnsProvider } from "../../../config/sections/dns.ts";
import { ClusterDns } from "../../../infra/dns/dns.ts";
import { dnsRecords } from "../../../infra/dns/records.ts";
import { findZone } from "../../../infra/dns/zone.ts";
import { runComponents, valueOf } from "../../support/components.ts";
import { sdkComplaints } from "../clouds/sdk-contract.ts";
import { hybrid } from "./servers.ts";

/** What each provider makes of the record `*.hc1.example.org A 203.0.113.11`, and what its look-up is asked. */
const expected: Readonly<
  Record<DnsProvider, { token: string; question: object; type: string; name: string; inputs: object }>
> = {
  cloudflare: {
    token: "cloudflare:index/getZone:getZone",
    question: { filter: { name: "example.org" } },
    type: "cloudflare:index/dnsRecord:DnsRecord",
    name: "*.hc1.example.org-A-nbg1-1",
    inputs: {
      zoneId: "zone-1",
      name: "*.hc1.example.org",
      type: "A",
      content: "203.0.113.11",
      ttl: 60,
      proxied: false,
    },
  },
  digitalocean: {
    token: "digitalocean:index/getDomain:getDomain",
    question: { name: "example.org" },
    type: "digitalocean:index/dnsRecord:DnsRecord",
    name: "*.hc1.example.org-A-nbg1-1",
    inputs: { domain: "example.org", name: "*.hc1", type: "A", value: "203.0.113.11", ttl: 60 },
  },
  hetzner: {
    token: "hcloud:index/getZone:getZone",
    question: { name: "example.org" },
    type: "hcloud:index/zoneRrset:ZoneRrset",
    name: "*.hc1.example.org-A",
    inputs: {
      zone: "example.org",
      name: "*.hc1",
      type: "A",
      ttl: 60,
      records: [{ value: "203.0.113.11" }, { value: "203.0.113.12" }],
    },
  },
  route53: {
    token: "aws:route53/getZone:getZone",
    question: { name: "example.org", privateZone: false },
    type: "aws:route53/record:Record",
    name: "*.hc1.example.org-A",
    inputs: {
      zoneId: "zone-1",
      name: "*.hc1.example.org",
      type: "A",
      ttl: 60,
      records: ["203.0.113.11", "203.0.113.12"],
    },
  },
  vultr: {
    token: "vultr:index/getDnsDomain:getDnsDomain",
    question: { domain: "example.org" },
    type: "vultr:index/dnsRecord:DnsRecord",
    name: "*.hc1.example.org-A-nbg1-1",
    // Raised to the shortest that Vultr is known to accept.
    inputs: { domain: "example.org", name: "*.hc1", type: "A", data: "203.0.113.11", ttl: 120 },
  },
  linode: {
    token: "linode:index/getDomain:getDomain",
    question: { domain: "example.org" },
    type: "linode:index/domainRecord:DomainRecord",
    name: "*.hc1.example.org-A-nbg1-1",
    // Raised to the next that Linode knows.
    inputs: { domainId: 77, name: "*.hc1", recordType: "A", target: "203.0.113.11", ttlSec: 120 },
  },
};

const zone = { id: 77, zoneId: "zone-1", name: "example.org", domain: "example.org" };

function run(dns: Dns, servers = hybrid) {
  return runComponents(() => {
    const records = dnsRecords({ cluster: "hc1", domain: "example.org", servers });
    return new ClusterDns("dns", { dns, records });
  }, zone);
}

for (const provider of dnsProviders) {
  const dns: Dns = { provider, zone: "example.org", ttl: 60 };
  const { token, question, type, name, inputs } = expected[provider];

  describe(`DNS at ${provider}`, () => {
    it("looks the zone up, once, and creates none", async () => {
      const { calls, resources } = await run(dns);
      assert.deepEqual(calls, [{ token, inputs: question }]);
      assert.deepEqual(
        resources.filter((resource) => resource.type !== type),
        [],
      );
    });

    it("renders a record as the provider has it", async () => {
      const { resources } = await run(dns);
      assert.deepEqual(resources.find((resource) => resource.name === name)?.inputs, inputs);
    });

    it("serves all names of the cluster, over IPv6 too", async () => {
      const { resources } = await run(dns);
      const perAddress = resources.some((resource) => resource.name.endsWith("-A-nbg1-1"));
      assert.equal(resources.length, perAddress ? 11 : 9);
      assert.ok(resources.some((resource) => JSON.stringify(resource.inputs).includes("2001:db8::12")));
    });

    it("touches only a node's records and the round robins when the node goes", async () => {
      const before = new Map((await run(dns)).resources.map((resource) => [resource.name, resource.inputs]));
      const rest = hybrid.filter(({ node }) => node.name !== "nbg1-2");
      const after = new Map(
        (await run(dns, rest)).resources.map((resource) => [resource.name, resource.inputs]),
      );
      const touched = [...before]
        .filter(([resource, old]) => JSON.stringify(after.get(resource)) !== JSON.stringify(old))
        .map(([resource]) => resource);
      assert.ok(touched.length > 0);
      for (const resource of touched) assert.match(resource, /^(\*\.)?hc1|nbg1-2/);
      assert.deepEqual(
        [...after.keys()].filter((resource) => !before.has(resource)),
        [],
      );
    });
  });
}

describe("what is sent to the providers of DNS", () => {
  it("is what they take", async () => {
    const sent = [];
    // One after the other: all runs share Pulumi's one runtime.
    for (const provider of dnsProviders) {
      const { resources } = await run({ provider, zone: "example.org", ttl: 60 });
      sent.push(...resources);
    }
    assert.deepEqual(sdkComplaints(sent), []);
  }).timeout(60_000);
});

describe("DNS at nobody's", () => {
  it("creates nothing, and tells what to enter by hand", async () => {
    const { resources, calls, result } = await run({ provider: "none" });
    assert.deepEqual(resources, []);
    assert.deepEqual(calls, []);
    const entries = await valueOf(result.entries);
    assert.deepEqual(entries.slice(0, 4), [
      { name: "api.hc1.example.org", type: "A", addresses: ["203.0.113.1"] },
      { name: "hc1.example.org", type: "A", addresses: ["203.0.113.11", "203.0.113.12"] },
      { name: "hc1.example.org", type: "AAAA", addresses: ["2001:db8::12"] },
      { name: "*.hc1.example.org", type: "A", addresses: ["203.0.113.11", "203.0.113.12"] },
    ]);
    assert.equal(entries.length, 9);
  });
});

describe("a zone that cannot be looked up", () => {
  it("is explained with the provider's own words and what to do", async () => {
    const lookup = Promise.reject(new Error("404 domain not found"));
    const promise = (
      findZone("Linode", "example.org", lookup) as unknown as { promise(): Promise<unknown> }
    ).promise();
    await assert.rejects(promise, (error) => {
      assert.ok(pulumi.RunError.isInstance(error));
      assert.match(error.message, /example\.org could not be looked up at Linode: 404 domain not found/);
      assert.match(error.message, /create it at Linode .* or set uap:dns\.zone/);
      return true;
    });
  });
});
