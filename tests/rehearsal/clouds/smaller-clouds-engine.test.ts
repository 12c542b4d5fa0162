import assert from "node:assert/strict";
import { DnsRecord } from "@ediri/vultr/dnsRecord.js";
import { FirewallGroup } from "@ediri/vultr/firewallGroup.js";
import { FirewallRule } from "@ediri/vultr/firewallRule.js";
import { getDnsDomain } from "@ediri/vultr/getDnsDomain.js";
import { getOs } from "@ediri/vultr/getOs.js";
import { Instance as VultrInstance } from "@ediri/vultr/instance.js";
import { SSHKey } from "@ediri/vultr/sshkey.js";
import { Vpc as VultrVpc } from "@ediri/vultr/vpc.js";
import { DomainRecord } from "@pulumi/linode/domainRecord.js";
import { Firewall } from "@pulumi/linode/firewall.js";
import { getDomain } from "@pulumi/linode/getDomain.js";
import { Instance as Linode } from "@pulumi/linode/instance.js";
import { Vpc as LinodeVpc } from "@pulumi/linode/vpc.js";
import { VpcSubnet } from "@pulumi/linode/vpcSubnet.js";
import { interpolate, secret, type CustomResourceOptions, type Output } from "@pulumi/pulumi";
import { SshKey } from "@pulumiverse/scaleway/iam/sshKey.js";
import { Ip } from "@pulumiverse/scaleway/instance/ip.js";
import { PrivateNic } from "@pulumiverse/scaleway/instance/privateNic.js";
import { SecurityGroup } from "@pulumiverse/scaleway/instance/securityGroup.js";
import { Server } from "@pulumiverse/scaleway/instance/server.js";
import { Ip as PrivateIp } from "@pulumiverse/scaleway/ipam/ip.js";
import { PrivateNetwork } from "@pulumiverse/scaleway/network/privateNetwork.js";
import { Vpc } from "@pulumiverse/scaleway/network/vpc.js";
import { serversOf } from "../../../rehearsal/clouds/index.ts";
import { TestEngine } from "../providers/engine.ts";
import { openClouds, publicKey, type TestClouds } from "./clouds.ts";

/** What differs from run to run. */
interface Edit {
  readonly bigger?: boolean;
  readonly ubuntu?: "22.04" | "24.04";
  readonly protect?: boolean;
  readonly userData?: string;
}

const codenames = { "22.04": "jammy", "24.04": "noble" } as const;
const domain = "example.dev";
const numeric = (id: Output<string>) => id.apply(Number);

/** One server at each of the three clouds, with all that a node has there, and a DNS record at both services. */
function cluster({ bigger = false, ubuntu = "24.04", protect = false, userData = "t0psecret" }: Edit = {}) {
  const boot = secret(`#cloud-config\n# ${userData}`);
  // As the project's servers: an old one gives its name and address free first.
  const options: CustomResourceOptions = { deleteBeforeReplace: true };

  function onLinode() {
    const network = new LinodeVpc("linode-network", { label: "hc1", region: "eu-central" });
    const subnet = new VpcSubnet("linode-subnet", {
      label: "hc1",
      vpcId: numeric(network.id),
      ipv4: "10.20.0.0/24",
    });
    const rule = { label: "ssh", action: "ACCEPT", protocol: "TCP", ports: "22", ipv4s: ["203.0.113.0/24"] };
    const firewall = new Firewall("linode-firewall", {
      label: "hc1-linode",
      inboundPolicy: "DROP",
      outboundPolicy: "ACCEPT",
      inbounds: [rule, ...(bigger ? [{ ...rule, label: "api", ports: "6443" }] : [])],
    });
    const server = new Linode(
      "linode",
      {
        label: "hc1-linode",
        region: "eu-central",
        type: bigger ? "g6-standard-4" : "g6-standard-2",
        image: `linode/ubuntu${ubuntu}`,
        authorizedKeys: [publicKey],
        firewallId: numeric(firewall.id),
        interfaces: [
          { purpose: "public", primary: true },
          { purpose: "vpc", subnetId: numeric(subnet.id), ipv4: { vpc: "10.20.0.10" } },
        ],
        metadatas: [{ userData: boot.apply((text) => Buffer.from(text).toString("base64")) }],
      },
      options,
    );
    return server.ipv4s.apply(([address = ""]) => address);
  }

  function atVultr() {
    const network = new VultrVpc("vultr-network", {
      region: "fra",
      v4Subnet: "10.30.0.0",
      v4SubnetMask: 24,
    });
    const key = new SSHKey("vultr-key", { sshKey: publicKey });
    const group = new FirewallGroup("vultr-firewall", { description: "hc1" });
    for (const port of bigger ? ["22", "6443"] : ["22"]) {
      new FirewallRule(`vultr-rule-${port}`, {
        firewallGroupId: group.id,
        protocol: "tcp",
        ipType: "v4",
        subnet: "203.0.113.0",
        subnetSize: 24,
        port,
      });
    }
    const system = getOs({ filters: [{ name: "name", values: [`Ubuntu ${ubuntu} LTS x64`] }] });
    const server = new VultrInstance(
      "vultr",
      {
        region: "fra",
        plan: bigger ? "vc2-4c-8gb" : "vc2-2c-4gb",
        osId: system.then(({ id }) => Number(id)),
        hostname: "vultr",
        label: "vultr",
        vpcIds: [network.id],
        sshKeyIds: [key.id],
        firewallGroupId: group.id,
        userData: boot,
      },
      options,
    );
    return server.mainIp;
  }

  function atScaleway() {
    const [zone, region] = ["fr-par-1", "fr-par"];
    const key = new SshKey("scaleway-key", { publicKey });
    const vpc = new Vpc("scaleway-vpc", { region });
    const network = new PrivateNetwork("scaleway-network", {
      region,
      vpcId: vpc.id,
      ipv4Subnet: { subnet: "10.40.0.0/24" },
    });
    const rule = { action: "accept", protocol: "TCP", port: 22, ipRange: "203.0.113.0/24" };
    const group = new SecurityGroup("scaleway-firewall", {
      zone,
      inboundDefaultPolicy: "drop",
      inboundRules: [rule, ...(bigger ? [{ ...rule, port: 6443 }] : [])],
    });
    const address = new Ip("scaleway-address", { zone, type: "routed_ipv4" });
    const server = new Server(
      "scaleway",
      {
        zone,
        type: bigger ? "DEV1-L" : "DEV1-M",
        name: "scaleway",
        image: `ubuntu_${codenames[ubuntu]}`,
        ipIds: [address.id],
        securityGroupId: group.id,
        cloudInit: boot,
        protected: protect,
      },
      { ...options, dependsOn: [key] },
    );
    const booked = new PrivateIp("scaleway-private-address", {
      region,
      address: "10.40.0.10",
      sources: [{ privateNetworkId: network.id }],
    });
    new PrivateNic(
      "scaleway-nic",
      { zone, serverId: server.id, privateNetworkId: network.id, ipamIpIds: [booked.id] },
      options,
    );
    return address.address;
  }

  return async () => {
    const addresses = { linode: onLinode(), vultr: atVultr(), scaleway: atScaleway() };
    const { id } = await getDomain({ domain });
    new DomainRecord("linode-record", {
      domainId: Number(id),
      name: "linode",
      recordType: "A",
      target: addresses.linode,
      ttlSec: 300,
    });
    new DnsRecord("vultr-record", {
      domain: (await getDnsDomain({ domain })).domain,
      name: "vultr",
      type: "A",
      data: addresses.vultr,
      ttl: bigger ? 600 : 300,
    });
    return { ...addresses, all: interpolate`${addresses.linode} ${addresses.vultr} ${addresses.scaleway}` };
  };
}

const servers = ["linode", "scaleway", "vultr"];

describe("Linode, Vultr and Scaleway under the real engine", () => {
  let clouds: TestClouds;
  let engine: TestEngine;

  before(async () => {
    const fault = { operation: "create", times: 1 } as const;
    clouds = await openClouds({
      zones: [domain],
      quota: { vultr: { instance: 1 }, linode: { instance: 1 }, scaleway: { server: 1 } },
      faults: [
        { ...fault, cloud: "linode", kind: "instance", status: 429, retryAfter: 0 },
        { ...fault, cloud: "vultr", kind: "instance", status: 412 },
        { ...fault, cloud: "scaleway", kind: "server", name: "scaleway", status: 403 },
      ],
    });
    engine = await TestEngine.open({ UAP_CLOUDS_URL: clouds.url });
  });

  after(async () => {
    await engine.close();
    await clouds.stop();
  });

  it("makes a server at each in two runs when two clouds refuse in the first", async () => {
    // Which one stops the run first is not said.
    await assert.rejects(engine.up(cluster()), /sold out|limit of resources of the kind "server"/);
    let ran = await engine.up(cluster()).catch(() => undefined);
    ran ??= await engine.up(cluster());
    assert.deepEqual(
      serversOf(clouds.state())
        .map(({ name, userData }) => [name, userData])
        .sort(),
      ["hc1-linode", "scaleway", "vultr"].map((name) => [name, "#cloud-config\n# t0psecret"]),
    );
    assert.deepEqual(
      servers.map((name) => ran.outputs[name]),
      servers.map(
        (name) => serversOf(clouds.state()).find(({ resource }) => resource.cloud === name)?.publicAddress,
      ),
    );
    assert.doesNotMatch(ran.said + (await engine.state()), /t0psecret|dDBwc2VjcmV0/);
  });

  it("then has nothing to do, nor to refresh", async () => {
    assert.deepEqual((await engine.up(cluster())).changes, {});
    const { changes, said } = await engine.refresh();
    assert.deepEqual(Object.keys(changes), ["refresh"]);
    assert.doesNotMatch(said, /"op":"update"/);
    assert.deepEqual((await engine.preview(cluster())).changes, {});
  });

  it("resizes servers and opens ports in place", async () => {
    const before = serversOf(clouds.state()).map(({ resource }) => resource.id);
    assert.deepEqual((await engine.up(cluster({ bigger: true }))).changes, {
      create: ["vultr-rule-6443"],
      update: ["linode", "linode-firewall", "scaleway", "scaleway-firewall", "vultr", "vultr-record"],
    });
    assert.deepEqual(
      serversOf(clouds.state()).map(({ resource }) => resource.id),
      before,
    );
  });

  it("replaces servers for another image, and gives their addresses to the new ones", async () => {
    const { changes, outputs } = await engine.up(cluster({ bigger: true, ubuntu: "22.04" }));
    assert.deepEqual(changes["delete-replaced"], ["linode", "scaleway", "scaleway-nic", "vultr"]);
    assert.deepEqual(changes.update, ["linode-record", "vultr-record"]);
    assert.deepEqual(
      serversOf(clouds.state())
        .map(({ resource, publicAddress, privateAddresses }) => [
          resource.cloud,
          publicAddress,
          privateAddresses[0]?.address,
        ])
        .sort(),
      [
        ["linode", outputs.linode, "10.20.0.10"],
        ["scaleway", outputs.scaleway, "10.40.0.10"],
        ["vultr", outputs.vultr, "10.30.0.3"],
      ],
    );
  });

  it("replaces a server for other user-data but at Scaleway, which changes it in place", async () => {
    const { changes } = await engine.preview(cluster({ bigger: true, ubuntu: "22.04", userData: "other" }));
    assert.deepEqual([changes.replace, changes.update?.includes("scaleway")], [["linode", "vultr"], true]);
  });

  it("keeps a protected server, then leaves nothing behind", async () => {
    const settled = { bigger: true, ubuntu: "22.04" } as const;
    await engine.up(cluster({ ...settled, protect: true }));
    await assert.rejects(engine.destroy(), /scaleway is protected/);
    await engine.up(cluster(settled));
    await engine.destroy();
    assert.deepEqual(clouds.names(), []);
  });
});
