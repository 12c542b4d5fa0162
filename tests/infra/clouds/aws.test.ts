import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { contains, type Cidr } from "../../../config/addresses.ts";
import { regions } from "../../../config/regions.ts";
import { ipv6Subnet } from "../../../infra/clouds/aws-network.ts";
import { zoneIndex, zoneInTurn, zoneRanges } from "../../../infra/clouds/aws-zones.ts";
import { Aws } from "../../../infra/clouds/aws.ts";
import { describeCloud } from "./cloud-suite.ts";
import { cloudArgs, privateAddressOf, publicAddressOf, resourcesOf, runCloud } from "./harness.ts";
import { all, isOneOf, matches, sdkComplaints } from "./sdk-contract.ts";

const answers = {
  outputs: (type: string, name: string) => {
    if (type === "aws:ec2/vpc:Vpc") return { ipv6CidrBlock: "2001:db8:0:5600::/56" };
    return type === "aws:ec2/instance:Instance" ? { publicIp: publicAddressOf(name) } : {};
  },
  functions: {
    "aws:ec2/getAmi:getAmi": { id: "ami-0123456789abcdef0" },
    "aws:index/getAvailabilityZones:getAvailabilityZones": {
      names: ["eu-central-1b", "eu-central-1c", "eu-central-1a"],
    },
  },
};

const isRegion = isOneOf("region", regions.aws);
const description = /^[a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]{0,255}$/;

describeCloud({
  cloud: "aws",
  Component: Aws,
  region: "eu-central-1",
  type: "t3.large",
  serverKind: "Instance",
  ignored: ["ami", "keyName", "userData", "privateIp", "instanceMarketOptions"],
  answers,
  formats: {
    "aws:ec2/instance:Instance": all(isRegion, matches("ami", /^ami-[0-9a-f]{8,17}$/, "an image")),
    "aws:ec2/vpc:Vpc": isRegion,
    "aws:ec2/subnet:Subnet": all(isRegion, matches("availabilityZone", /^eu-central-1[a-c]$/, "a zone")),
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": all(
      isRegion,
      isOneOf("reservationType", ["explicit", "prefix"]),
      matches("cidrBlock", /^[\d.]+\/\d+$/, "a range"),
      matches("description", description, "a description"),
    ),
    "aws:ec2/securityGroup:SecurityGroup": all(
      isRegion,
      matches("name", /^(?!sg-)[a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/, "a name of a security group"),
      matches("description", description, "a description"),
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": all(
      isRegion,
      isOneOf("ipProtocol", ["tcp", "udp", "icmp", "icmpv6"]),
      matches("description", description, "a description"),
    ),
    "aws:ec2/placementGroup:PlacementGroup": isOneOf("strategy", ["spread"]),
    "aws:ec2/keyPair:KeyPair": matches("keyName", /^[\x20-\x7e]{1,255}$/, "a name"),
    "aws:iam/role:Role": matches("name", /^[\w+=,.@-]{1,64}$/, "a role's name"),
    "aws:iam/instanceProfile:InstanceProfile": matches("name", /^[\w+=,.@-]{1,128}$/, "a profile's name"),
  },
});

describe("servers at aws, beside that", () => {
  const planes = {
    name: "plane",
    cloud: "aws",
    region: "eu-central-1",
    type: "t3.large",
    role: "control-plane",
    count: 3,
  };

  it("puts three control planes into three zones", async () => {
    const run = await runCloud(Aws, cloudArgs([planes]), answers);
    const zones = resourcesOf(run, "Subnet").map(({ inputs }) => inputs.availabilityZone);
    assert.deepEqual(zones, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
    const subnets = resourcesOf(run, "Instance").map(({ inputs }) => inputs.subnetId);
    assert.equal(new Set(subnets).size, 3);
  });

  it("plans the addresses of control planes alone, where AWS chooses none by itself", async () => {
    const run = await runCloud(
      Aws,
      cloudArgs([planes, { ...planes, name: "work", role: "worker", count: 2 }]),
      answers,
    );
    const reserved = resourcesOf(run, "SubnetCidrReservation").map(({ inputs }) => inputs);
    assert.deepEqual(
      reserved.map(({ reservationType }) => reservationType),
      ["explicit", "explicit", "explicit"],
    );
    for (const { name, inputs, options } of resourcesOf(run, "Instance")) {
      const planned = inputs.privateIp as string | undefined;
      assert.equal(planned !== undefined, name.startsWith("plane-"), name);
      assert.ok(options.ignoreChanges.includes("privateIp"));
      const reservation = reserved.find(({ subnetId }) => subnetId === inputs.subnetId);
      if (planned !== undefined) assert.ok(contains(reservation?.cidrBlock as Cidr, planned), name);
      else assert.equal(run.addresses[name]?.privateIpv4, privateAddressOf(name));
    }
  });

  it("hides the metadata from pods, encrypts the disk and lets packets of pods through", async () => {
    const run = await runCloud(Aws, cloudArgs([planes]), answers);
    for (const { inputs } of resourcesOf(run, "Instance")) {
      assert.deepEqual(inputs.metadataOptions, {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
      const disk = inputs.rootBlockDevice as { volumeType: string; encrypted: boolean };
      assert.equal(disk.volumeType, "gp3");
      assert.equal(disk.encrypted, true);
      assert.equal(inputs.sourceDestCheck, false);
    }
  });

  it("buys a pool's servers at the spot market, where AWS stops them and starts them again", async () => {
    const worker = { ...planes, name: "worker", role: "worker", count: 1 };
    const run = await runCloud(Aws, cloudArgs([planes, { ...worker, spot: true }]), answers);
    const instances = resourcesOf(run, "Instance");
    assert.deepEqual(sdkComplaints(instances), []);
    assert.deepEqual(
      instances.map(({ inputs }) => inputs.instanceMarketOptions),
      [
        undefined,
        undefined,
        undefined,
        {
          marketType: "spot",
          spotOptions: { spotInstanceType: "persistent", instanceInterruptionBehavior: "stop" },
        },
      ],
    );
    // Of a server that exists, it is ignored.
    const onDemand = await runCloud(Aws, cloudArgs([planes, worker]), answers);
    const { instanceMarketOptions, ...others } = instances[3]?.inputs ?? {};
    assert.ok(instanceMarketOptions);
    assert.deepEqual(others, resourcesOf(onDemand, "Instance")[3]?.inputs);
    assert.ok(instances[3]?.options.ignoreChanges.includes("instanceMarketOptions"));
  }).timeout(120_000);

  it("are refused before anything is made when a security group would have more rules than AWS takes", async () => {
    const worker = { ...planes, name: "worker", role: "worker" };
    const many = (count: number) => runCloud(Aws, cloudArgs([planes, { ...worker, count }]), answers);
    const rules = resourcesOf(await many(53), "SecurityGroupIngressRule");
    const groups = Map.groupBy(rules, ({ inputs }) => inputs.securityGroupId);
    assert.equal(Math.max(...[...groups.values()].map(({ length }) => length)), 60);
    await assert.rejects(
      many(54),
      (error) =>
        pulumi.RunError.isInstance(error) &&
        /the security group of the target control-plane would have 61 rules, .* AWS takes 60\. Put/.test(
          error.message,
        ),
    );
  }).timeout(120_000);

  it("makes the first three quarters of a network subnets, which nodes take turns over", () => {
    assert.deepEqual(zoneRanges("10.20.8.0/23"), ["10.20.8.0/25", "10.20.8.128/25", "10.20.9.0/25"]);
    assert.deepEqual([0, 1, 2, 3].map(zoneIndex), [0, 1, 2, 0]);
    assert.deepEqual(
      [0, 1, 2].map((index) => zoneInTurn(["a", "b", "c", "d"], index)),
      ["a", "b", "c"],
    );
    assert.deepEqual(
      [0, 1, 2].map((index) => zoneInTurn("ac", index)),
      ["a", "c", "a"],
    );
    assert.throws(() => zoneRanges("10.20.8.0/31"), RangeError);
  });

  it("takes each subnet's IPv6 range out of the network's", () => {
    assert.equal(ipv6Subnet("2001:db8:0:5600::/56", 2), "2001:db8:0:5602::/64");
  });
});
