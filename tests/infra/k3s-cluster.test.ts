import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { userDataLimit } from "../../infra/bootstrap/cloud-init.ts";
import { K3sCluster, type K3sClusterSettings } from "../../infra/k3s-cluster.ts";
import { bootOf } from "../../rehearsal/clouds/boot.ts";
import { valueOf } from "../support/components.ts";
import { configurationOf, stacks } from "./settings.ts";

const pem = (kind: string, name: string) => `-----BEGIN ${kind}-----\n${name}\n-----END ${kind}-----\n`;

/** What providers would compute, as far as the cluster reads it. */
function computed(type: string, name: string): Record<string, unknown> {
  if (type === "tls:index/privateKey:PrivateKey") return { privateKeyPem: pem("EC PRIVATE KEY", name) };
  if (type.startsWith("tls:"))
    return { certPem: pem("CERTIFICATE", name), certRequestPem: pem("CERTIFICATE REQUEST", name) };
  if (type === "random:index/randomPassword:RandomPassword") return { result: "r".repeat(32) };
  if (type === "aws:ec2/vpc:Vpc") return { ipv6CidrBlock: "2001:db8:0:5600::/56" };
  return {
    address: "203.0.113.1",
    ipv4Address: "203.0.113.1",
    publicIp: "203.0.113.1",
    mainIp: "203.0.113.1",
    ipv4s: ["203.0.113.1"],
  };
}

interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Builds a stack's cluster without an engine. */
async function build(stack: (typeof stacks)[number]) {
  const settings = configurationOf(stack) as unknown as K3sClusterSettings;
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const properties = inputs as Record<string, unknown>;
        resources.push({ type, inputs: properties });
        return { id: `${name}-id`, state: { ...properties, ...computed(type, name) } };
      },
      call: () => ({
        id: "1",
        names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        zoneId: "zone",
        imageId: "ami-1",
        domains: [{ id: 1 }],
      }),
    },
    "uap",
    stack,
    false,
  );
  const cluster = new K3sCluster(settings);
  // The mocks' monitor closes with the program: what is computed step by step has to be there by then.
  const addresses = cluster.servers.map(({ publicIpv4 }) => valueOf(publicIpv4));
  await Promise.all([valueOf(cluster.kubeconfig), valueOf(cluster.dns.entries), ...addresses]);
  await pulumi.runtime.disconnect();
  return { cluster, resources, settings };
}

/** A secret as the mocks hand it over, in clear. */
function revealed(value: unknown): unknown {
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}

/** The user-data of a server, whatever its cloud calls it and however it wants it packed. */
function userDataOf({ inputs }: Registered): string | undefined {
  const metadata = revealed(inputs.metadatas) as { userData?: unknown }[] | undefined;
  const text = revealed(inputs.userData ?? inputs.cloudInit ?? metadata?.[0]?.userData);
  if (typeof text !== "string") return undefined;
  return text.startsWith("#") ? text : Buffer.from(text, "base64").toString("utf8");
}

for (const stack of stacks) {
  describe(`the cluster of the stack ${stack}`, () => {
    let built: Awaited<ReturnType<typeof build>>;
    before(async () => {
      built = await build(stack);
    });

    it("orders a server for every node that is not on-premises", () => {
      const wanted = built.cluster.nodes.filter(({ pool }) => pool.cloud !== "on-prem");
      assert.equal(built.cluster.servers.length, wanted.length);
      assert.equal(
        built.resources.map(userDataOf).filter((text) => text !== undefined).length,
        wanted.length,
      );
    });

    it("gives every server user-data that makes it the node that was planned", () => {
      const boots = built.resources.map(userDataOf).filter((text) => text !== undefined);
      const booted = boots.map((text) => {
        assert.ok(Buffer.byteLength(text) <= userDataLimit);
        const boot = bootOf(text);
        assert.ok(boot.joins, boot.joins ? "" : boot.reason);
        return `${boot.plan.nodeName} ${boot.plan.role}`;
      });
      const planned = built.cluster.nodes
        .filter(({ pool }) => pool.cloud !== "on-prem")
        .map(({ name, role }) => `${name} ${role === "control-plane" ? "server" : "agent"}`);
      assert.deepEqual(booted.sort(), planned.sort());
    });

    it("has one server that begins the cluster, and no more", () => {
      const plans = built.resources.flatMap((resource) => {
        const boot = bootOf(userDataOf(resource) ?? "");
        return boot.joins && boot.plan.begins ? [boot.plan.nodeName] : [];
      });
      assert.equal(plans.length, 1);
    });

    it("publishes the API's name, to which the kubeconfig leads", async () => {
      const entries = await valueOf(built.cluster.dns.entries);
      const host = `api.${built.settings.cluster.name}.${built.settings.domain}`;
      assert.ok(
        entries.some(({ name }) => name === host),
        JSON.stringify(entries),
      );
      assert.match(await valueOf(built.cluster.kubeconfig), new RegExp(`server: https://${host}:6443`));
    });

    it("has a seed for every machine on-premises", async () => {
      const machines = built.cluster.nodes.filter(({ pool }) => pool.cloud === "on-prem");
      assert.deepEqual(
        built.cluster.machines.map(({ node }) => node.name).sort(),
        machines.map(({ name }) => name).sort(),
      );
      for (const { files } of built.cluster.machines) {
        assert.deepEqual(Object.keys(await valueOf(files)).sort(), ["meta-data", "user-data"]);
      }
    });
  });
}
