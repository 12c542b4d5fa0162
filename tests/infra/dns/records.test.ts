import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import {
  answerName,
  dnsRecords,
  relativeName,
  type AddressedNode,
  type DnsRecord,
} from "../../../infra/dns/records.ts";
import { valueOf } from "../../support/components.ts";
import { hybrid, server } from "./servers.ts";

const place = { cluster: "hc1", domain: "example.org" };

/** A line for each address: name, type, node. */
function lines(records: readonly DnsRecord[]): string[] {
  return records.flatMap(({ name, type, answers }) => answers.map(({ node }) => `${name} ${type} ${node}`));
}

describe("DNS records", () => {
  it("lead to the control planes, to the ingress nodes and to each node", () => {
    assert.deepEqual(lines(dnsRecords({ ...place, servers: hybrid })), [
      "api.hc1.example.org A master-1",
      "hc1.example.org A nbg1-1",
      "hc1.example.org A nbg1-2",
      "hc1.example.org AAAA nbg1-2",
      "*.hc1.example.org A nbg1-1",
      "*.hc1.example.org A nbg1-2",
      "*.hc1.example.org AAAA nbg1-2",
      "master-1.hc1.example.org A master-1",
      "nbg1-1.hc1.example.org A nbg1-1",
      "nbg1-2.hc1.example.org A nbg1-2",
      "nbg1-2.hc1.example.org AAAA nbg1-2",
    ]);
  });

  it("hold the nodes' addresses", async () => {
    const records = dnsRecords({ ...place, servers: hybrid });
    const wildcard = records.find(({ name, type }) => name.startsWith("*") && type === "A");
    const addresses = wildcard?.answers.map(({ address }) => address) ?? [];
    assert.deepEqual(await valueOf(pulumi.all(addresses)), ["203.0.113.11", "203.0.113.12"]);
  });

  it("include a machine on-premises once its address is known", () => {
    const known = server("lab-gpu", "worker", false, "198.51.100.7");
    const names = dnsRecords({ ...place, servers: [known] }).map(({ name }) => name);
    assert.deepEqual(names, ["lab-gpu.hc1.example.org"]);
  });

  it("all stand for the API when there are several control planes", () => {
    const servers = ["cp-3", "cp-1", "cp-2"].map((name, index) =>
      server(name, "control-plane", false, `203.0.113.${index + 1}`),
    );
    const [api] = dnsRecords({ ...place, servers });
    assert.equal(api?.name, "api.hc1.example.org");
    assert.deepEqual(
      api.answers.map(({ node }) => node),
      ["cp-1", "cp-2", "cp-3"],
    );
  });

  it("are refused when a node would take the API's name", () => {
    assert.throws(
      () => dnsRecords({ ...place, servers: [server("api", "worker", false, "203.0.113.9")] }),
      (error) => pulumi.RunError.isInstance(error) && error.message.includes("api.hc1.example.org"),
    );
  });

  const servers: fc.Arbitrary<readonly AddressedNode[]> = fc
    .uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-z][a-z0-9]{0,8}-[1-9]$/),
        role: fc.constantFrom("control-plane" as const, "worker" as const, "sensor" as const),
        ingress: fc.boolean(),
        families: fc.constantFrom("none", "ipv4", "both"),
      }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 12 },
    )
    .map((nodes) =>
      nodes.map(({ name, role, ingress, families }) =>
        server(
          name,
          role,
          ingress,
          families === "none" ? undefined : "203.0.113.1",
          families === "both" ? "2001:db8::1" : undefined,
        ),
      ),
    );

  it("lose only a node's own records and its part in the round robins when the node goes", () => {
    fc.assert(
      fc.property(servers, fc.nat(), (nodes, choice) => {
        const gone = nodes[choice % nodes.length]?.node.name ?? "";
        const before = dnsRecords({ ...place, servers: nodes });
        const after = dnsRecords({ ...place, servers: nodes.filter(({ node }) => node.name !== gone) });
        assert.deepEqual(
          lines(after),
          lines(before).filter((line) => !line.endsWith(` ${gone}`)),
        );
        const resources = (records: readonly DnsRecord[]) =>
          records.flatMap((record) => record.answers.map((answer) => answerName(record, answer)));
        assert.equal(new Set(resources(before)).size, resources(before).length);
      }),
    );
  });

  it("are the same whatever the order of the nodes", () => {
    fc.assert(
      fc.property(servers, (nodes) => {
        assert.deepEqual(
          lines(dnsRecords({ ...place, servers: nodes.toReversed() })),
          lines(dnsRecords({ ...place, servers: nodes })),
        );
      }),
    );
  });
});

describe("a name inside its zone", () => {
  it("is what stands before the zone", () => {
    assert.equal(relativeName("*.hc1.example.org", "example.org"), "*.hc1");
    assert.equal(relativeName("api.hc1.lab.example.org", "lab.example.org"), "api.hc1");
    assert.equal(relativeName("example.org", "example.org"), "@");
  });
});
