import assert from "node:assert/strict";
import { regions } from "../../../config/regions.ts";
import type { CloudArgs } from "../../../infra/clouds/cloud.ts";
import { Scaleway } from "../../../infra/clouds/scaleway.ts";
import { openClouds, type TestClouds } from "../../rehearsal/clouds/clouds.ts";
import { TestEngine } from "../../rehearsal/providers/engine.ts";
import { describeCloud } from "./cloud-suite.ts";
import {
  cloudArgs,
  inputsByName,
  privateAddressOf,
  publicAddressOf,
  resourcesOf,
  runCloud,
  type Edits,
} from "./harness.ts";
import { all, isName, isOneOf, matches } from "./sdk-contract.ts";

const controlPlane = {
  name: "cp",
  cloud: "scaleway",
  region: "fr-par-1",
  type: "DEV1-M",
  role: "control-plane",
};
const workers = {
  name: "work",
  cloud: "scaleway",
  region: "fr-par-1",
  type: "PLAY2-MICRO",
  size: { cpu: "4", memory: "8Gi", disk: "80Gi" },
  count: 2,
  ingress: true,
};
const answers = {
  outputs: (type: string, name: string) =>
    type === "scaleway:instance/ip:Ip" ? { address: publicAddressOf(name) } : {},
};

const formats = {
  "scaleway:instance/server:Server": all(isName, isOneOf("zone", regions.scaleway)),
  "scaleway:instance/ip:Ip": all(
    isOneOf("zone", regions.scaleway),
    isOneOf("type", ["routed_ipv4", "routed_ipv6"]),
  ),
  "scaleway:instance/securityGroup:SecurityGroup": all(
    isName,
    isOneOf("zone", regions.scaleway),
    isOneOf("inboundDefaultPolicy", ["accept", "drop"]),
    isOneOf("outboundDefaultPolicy", ["accept", "drop"]),
  ),
  "scaleway:network/privateNetwork:PrivateNetwork": all(
    isName,
    isOneOf("region", ["fr-par", "nl-ams", "pl-waw", "it-mil"]),
  ),
  "scaleway:ipam/ip:Ip": isOneOf("region", ["fr-par", "nl-ams", "pl-waw", "it-mil"]),
  "scaleway:iam/sshKey:SshKey": all(isName, matches("publicKey", /^(ssh|ecdsa|sk)-\S+ \S+$/, "a key")),
};

describeCloud({
  cloud: "scaleway",
  Component: Scaleway,
  region: "fr-par-1",
  type: "DEV1-L",
  serverKind: "Server",
  ignored: ["cloudInit", "image", "rootVolume"],
  answers,
  formats,
  singleFirewall: true,
});

function run(
  pools: readonly Readonly<Record<string, unknown>>[] = [controlPlane, workers],
  edits: Edits = {},
) {
  return runCloud(Scaleway, cloudArgs(pools, edits), answers);
}

interface Rule {
  readonly protocol: string;
  readonly ipRange: string;
  readonly port?: number;
  readonly portRange?: string;
}

describe("servers at Scaleway, beside that", () => {
  it("are ordered with image, address, security group and cloud-init in clear", async () => {
    const [server] = resourcesOf(await run(), "Server");
    const { ipIds, securityGroupId, ...rest } = server?.inputs ?? {};
    assert.deepEqual(rest, {
      cloudInit: "#cloud-config\n# cp-1\n",
      image: "ubuntu_resolute",
      name: "cp-1",
      rootVolume: { volumeType: "l_ssd", deleteOnTermination: true },
      tags: ["uap", "cluster-hc1"],
      type: "DEV1-M",
      zone: "fr-par-1",
    });
    assert.equal((ipIds as string[]).length, 1);
    assert.match(String(securityGroupId), /^\d+$/);
  });

  it("get a disk of the size that was asked for, or the whole one that their type has", async () => {
    const disks = resourcesOf(await run(), "Server").map(({ inputs }) => inputs.rootVolume);
    // 80 GiB, in units of 10^9 bytes.
    const block = { volumeType: "sbs_volume", sizeInGb: 86, deleteOnTermination: true };
    assert.deepEqual(disks, [{ volumeType: "l_ssd", deleteOnTermination: true }, block, block]);
  });

  it("book an address in a private network of the zone's region, the planned one for a control plane", async () => {
    const result = await run();
    const args = cloudArgs([controlPlane, workers]);
    const [network] = resourcesOf(result, "PrivateNetwork");
    assert.equal(network?.inputs.region, "fr-par");
    assert.deepEqual(network.inputs.ipv4Subnet, { subnet: args.privateCidr });
    const reserved = result.resources.filter(({ type }) => type === "scaleway:ipam/ip:Ip");
    assert.ok(args.nodes[0]?.plannedAddress);
    assert.deepEqual(
      reserved.map(({ inputs, options }) => [inputs.address, inputs.region, options.ignoreChanges]),
      args.nodes.map(({ plannedAddress }) => [plannedAddress, "fr-par", ["address"]]),
    );
    const interfaces = resourcesOf(result, "PrivateNic");
    assert.equal(interfaces.length, 3);
    for (const { inputs } of interfaces) assert.equal((inputs.ipamIpIds as string[]).length, 1);
  });

  it("tell their public address and the private one that they have", async () => {
    const [planned] = cloudArgs([controlPlane, workers]).nodes;
    const { addresses } = await run();
    assert.deepEqual(addresses["cp-1"], {
      publicIpv4: publicAddressOf("cp-1"),
      privateIpv4: planned?.plannedAddress,
    });
    assert.equal(addresses["work-1"]?.privateIpv4, privateAddressOf("work-1"));
  });
});

describe("servers in a second zone of Scaleway", () => {
  let clouds: TestClouds;
  let engine: TestEngine;
  before(async () => {
    clouds = await openClouds();
    engine = await TestEngine.open({ UAP_CLOUDS_URL: clouds.url });
  });
  after(async () => {
    await engine.close();
    await clouds.stop();
  });

  it("wait for the key that the first one registered, since they take the project's when they boot", async () => {
    await engine.up(async () => {
      const zoneOf = (name: string, region: string, registered: Pick<CloudArgs, "registeredKey">) => {
        const args = cloudArgs([{ ...controlPlane, name, region }]);
        const zone = new Scaleway(region, { ...args, ...registered });
        args.publicAddresses.tell(zone.servers);
        return zone;
      };
      const { registeredKey } = zoneOf("near", "fr-par-1", {});
      zoneOf("far", "fr-par-2", { registeredKey });
      return Promise.resolve({});
    });
    const { checkpoint } = JSON.parse(await engine.state()) as {
      checkpoint: { latest: { resources: { urn: string; dependencies?: string[] }[] } };
    };
    const server = checkpoint.latest.resources.find(({ urn }) => urn.endsWith("Server::far-1"));
    const keys = server?.dependencies?.filter((urn) => urn.includes("iam/sshKey:SshKey::fr-par-1-"));
    assert.equal(keys?.length, 1);
  }).timeout(120_000);
});

describe("security groups at Scaleway", () => {
  it("drop what no rule lets in, and open only what the rules open", async () => {
    const groups = resourcesOf(await run(), "SecurityGroup");
    const open = groups.map(({ inputs }) => [
      inputs.name,
      inputs.inboundDefaultPolicy,
      inputs.outboundDefaultPolicy,
      (inputs.inboundRules as Rule[])
        .filter(({ ipRange }) => ipRange === "0.0.0.0/0")
        .map(({ protocol, port }) => `${protocol} ${port ?? ""}`)
        .sort(),
    ]);
    assert.deepEqual(open, [
      ["hc1-scaleway-control-plane", "drop", "accept", ["UDP 51820"]],
      ["hc1-scaleway-worker-ingress", "drop", "accept", ["TCP 443", "TCP 80", "UDP 51820"]],
    ]);
  });

  it("write rules as the API has them", async () => {
    const rules = resourcesOf(await run(), "SecurityGroup").flatMap(
      ({ inputs }) => inputs.inboundRules as Rule[],
    );
    for (const { protocol, port, portRange } of rules) {
      assert.match(protocol, /^(TCP|UDP|ICMP)$/);
      if (protocol === "ICMP") assert.deepEqual([port, portRange], [undefined, undefined]);
      else assert.equal([port, portRange].filter((value) => value !== undefined).length, 1);
    }
    assert.ok(rules.some(({ portRange }) => portRange === "2379-2380"));
  });
});

describe("an edit of the configuration at Scaleway", () => {
  it("touches only a pool's own things when the pool goes", async () => {
    const first = { ...workers, name: "first" };
    const before = inputsByName(await run([controlPlane, first, workers]));
    const after = inputsByName(await run([controlPlane, workers]));
    const gone = [...before.keys()].filter((key) => !after.has(key));
    assert.equal(gone.length, 8);
    for (const key of gone) assert.match(key, / first-[12](-|$)/);
    // The control plane's group lets in those that are there.
    const changed = [...after].filter(([key, inputs]) => inputs !== before.get(key)).map(([key]) => key);
    assert.deepEqual(changed, [
      "scaleway:instance/securityGroup:SecurityGroup scaleway-firewall-control-plane",
    ]);
  });
});
