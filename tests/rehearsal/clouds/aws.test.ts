import assert from "node:assert/strict";
import { canReach, resolveName, serversOf } from "../../../rehearsal/clouds/index.ts";
import { aws } from "../../../rehearsal/providers/aws/provider.ts";
import type { Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { created, difference, updated, type Kept } from "../providers/direct.ts";
import { deleted, openClouds, publicKey, type TestClouds } from "./clouds.ts";

const stand = aws();
const token = (kind: string, module = "ec2") =>
  `aws:${module}/${kind}:${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
const make = (kind: string, inputs: Properties, module?: string) =>
  created(stand, token(kind, module), inputs);

describe("the simulated AWS", () => {
  let clouds: TestClouds;
  let vpc: Kept;
  let subnet: Kept;
  let group: Kept;
  let instance: Properties;

  beforeEach(async () => {
    clouds = await openClouds({ zones: ["example.dev"] });
    vpc = await make("vpc", { cidrBlock: "10.20.0.0/16", assignGeneratedIpv6CidrBlock: true });
    const place = { vpcId: vpc.id, availabilityZone: "eu-central-1a", cidrBlock: "10.20.0.0/18" };
    subnet = await make("subnet", place);
    group = await make("securityGroup", { name: "nodes", vpcId: vpc.id });
    instance = {
      ami: "ami-0123456789abcdef0",
      instanceType: "t3.large",
      subnetId: subnet.id,
      privateIp: "10.20.0.10",
      userData: "#cloud-config\n",
      vpcSecurityGroupIds: [group.id],
      tags: { Name: "master-1" },
    };
  });

  afterEach(() => clouds.stop());

  it("chooses addresses anywhere in a subnet but in what is reserved, and gives each to one instance", async () => {
    const unplanned = { ...instance, privateIp: undefined };
    const reserve = (cidrBlock: string, subnetId = subnet.id) =>
      make("subnetCidrReservation", { subnetId, cidrBlock, reservationType: "explicit" });
    let number = 0;
    const chosen = async () => {
      const tags = { Name: `worker-${++number}` };
      return String((await make("instance", { ...unplanned, tags })).state.privateIp);
    };
    assert.equal(await chosen(), "10.20.63.254");
    const reservation = await reserve("10.20.32.0/19");
    assert.match(reservation.id, /^scr-0[0-9a-f]{16}$/);
    assert.deepEqual([await chosen(), await chosen()], ["10.20.31.255", "10.20.31.254"]);
    const planned = await make("instance", { ...instance, privateIp: "10.20.32.7" });
    assert.equal(planned.state.privateIp, "10.20.32.7");
    await assert.rejects(
      make("instance", { ...instance, privateIp: "10.20.31.255" }),
      /10\.20\.31\.255 is taken/,
    );
    await assert.rejects(reserve("10.20.48.0/20"), /overlaps with that of another reservation/);
    await assert.rejects(reserve("10.20.64.0/20"), /not inside the subnet/);
    await assert.rejects(reserve("10.20.0.0/20", "subnet-0"), /no subnet "subnet-0"/);
    const { replaces } = await difference(stand, reservation, {
      ...reservation.inputs,
      cidrBlock: "10.20.48.0/20",
    });
    assert.deepEqual(replaces, ["cidrBlock"]);
    await assert.rejects(deleted(stand, subnet), /has dependencies/);
    await deleted(stand, reservation);
    assert.equal(await chosen(), "10.20.63.253");
  });

  it("makes instances with ids and addresses as AWS has them", async () => {
    const kept = await make("instance", instance);
    assert.match(kept.id, /^i-0[0-9a-f]{16}$/);
    assert.match(String(vpc.state.ipv6CidrBlock), /^2001:db8:[0-9a-f]{4}:[0-9a-f]{2}00::\/56$/);
    assert.deepEqual(
      serversOf(clouds.state()).map(({ name, region, type, publicAddress }) => [
        name,
        region,
        type,
        publicAddress,
      ]),
      [["master-1", "eu-central-1", "t3.large", kept.state.publicIp]],
    );
    for (const [kind, held] of [
      ["vpc", vpc],
      ["subnet", subnet],
      ["securityGroup", group],
    ] as const) {
      await assert.rejects(deleted(stand, held), /has dependencies|in use by an instance/, kind);
    }
    for (const gone of [kept, group, subnet, vpc]) await deleted(stand, gone);
    assert.deepEqual(clouds.names(), []);
  });

  it("refuses what the real one refuses", async () => {
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ instanceType: "cx21" }, /no instance type "cx21"/],
      [{ ami: "ubuntu" }, /no image "ubuntu"/],
      [{ userData: "x".repeat(16 * 1024 + 1) }, /more than the limit/],
      [{ subnetId: "subnet-0" }, /no subnet "subnet-0"/],
      [{ privateIp: "10.20.0.3" }, /cannot be had/],
      [{ privateIp: "10.20.64.10" }, /cannot be had/],
      [{ keyName: "nobody" }, /no key pair "nobody"/],
      [{ iamInstanceProfile: "nobody" }, /no instance profile "nobody"/],
      [{ placementGroup: "nobody" }, /no placement group "nobody"/],
    ];
    for (const [change, message] of refused) {
      await assert.rejects(make("instance", { ...instance, ...change }), message);
    }
    await make("instance", instance);
    await assert.rejects(make("instance", { ...instance, tags: {} }), /taken by another instance/);
    const range = { vpcId: vpc.id, availabilityZone: "eu-central-1b", cidrBlock: "10.20.32.0/20" };
    await assert.rejects(make("subnet", range), /overlaps/);
    await assert.rejects(make("securityGroup", { name: "sg-nodes", vpcId: vpc.id }), /cannot begin/);
  });

  it("replaces an instance for image, key and place, and stops it for another type", async () => {
    const kept = await make("instance", instance);
    for (const change of [
      { ami: "ami-00000000" },
      { keyName: "x" },
      { subnetId: "x" },
      { privateIp: "10.20.0.11" },
    ]) {
      assert.deepEqual(
        (await difference(stand, kept, { ...instance, ...change })).replaces,
        Object.keys(change),
      );
    }
    const bigger = { ...instance, instanceType: "t3.xlarge", userData: "other", tags: { Name: "other" } };
    assert.deepEqual((await difference(stand, kept, bigger)).replaces, []);
    await updated(stand, kept, bigger);
    assert.equal(serversOf(clouds.state())[0]?.type, "t3.xlarge");
  });

  it("keeps instances that are protected from termination", async () => {
    const kept = await make("instance", { ...instance, disableApiTermination: true });
    await assert.rejects(deleted(stand, kept), /termination protection/);
  });

  it("lets nothing in that no rule opens, neither at public nor at private addresses", async () => {
    const rule = { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 6443, toPort: 6443 };
    const ingress = (inputs: Properties) => make("securityGroupIngressRule", { ...rule, ...inputs }, "vpc");
    await ingress({ cidrIpv4: "203.0.113.0/24" });
    await ingress({ fromPort: 10_250, toPort: 10_250, referencedSecurityGroupId: group.id });
    await assert.rejects(ingress({ fromPort: 1 }), /exactly one/);
    await make("instance", instance);
    await make("instance", { ...instance, privateIp: "10.20.0.11", tags: { Name: "worker-1" } });
    const [one, two] = serversOf(clouds.state());
    assert.ok(one && two);
    const reach = (from: typeof one | string, to: string, port: number) =>
      canReach(from, to, port, "tcp", clouds.state()).reached;
    assert.deepEqual(
      [
        reach("203.0.113.7", one.publicAddress, 6443),
        reach("192.0.2.1", one.publicAddress, 6443),
        reach(two, "10.20.0.10", 10_250),
        reach(two, "10.20.0.10", 6443),
      ],
      [true, false, true, false],
    );
  });

  it("takes 60 rules of each direction in a security group", async () => {
    const rule = { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 6443, toPort: 6443 };
    const one = (direction: "Ingress" | "Egress", last: number) =>
      make(`securityGroup${direction}Rule`, { ...rule, cidrIpv4: `198.51.100.${last}/32` }, "vpc");
    for (let last = 1; last <= 60; last++) await one("Ingress", last);
    await assert.rejects(one("Ingress", 61), /at most 60 rules/);
    await one("Egress", 61);
  });

  it("ties roles, profiles, keys and records together", async () => {
    const role = await make("role", { name: "nodes", assumeRolePolicy: "{}" }, "iam");
    await assert.rejects(
      make("role", { name: "nodes", assumeRolePolicy: "{}", tags: { a: "b" } }, "iam"),
      /is taken/,
    );
    await make("instanceProfile", { name: "nodes", role: "nodes" }, "iam");
    await assert.rejects(deleted(stand, role), /in an instance profile/);
    await make("keyPair", { keyName: "key", publicKey });
    await make("instance", { ...instance, keyName: "key", iamInstanceProfile: "nodes" });
    const { zoneId } = (await stand.invoke?.("aws:route53/getZone:getZone", { name: "example.dev" })) ?? {};
    const record = {
      zoneId,
      name: "*.aws.example.dev",
      type: "A",
      ttl: 60,
      records: ["192.0.2.1", "192.0.2.2"],
    };
    await make("record", record, "route53");
    await assert.rejects(make("record", { ...record, name: "x.other.dev" }, "route53"), /not in the zone/);
    assert.deepEqual(resolveName("kib.data.aws.example.dev", clouds.state()), record.records);
  });

  it("attaches a volume to one instance of its zone, keeps it while it is attached, and never shrinks it", async () => {
    const inputs = { availabilityZone: "eu-central-1a", type: "gp3", size: 10, encrypted: true };
    const volume = await make("volume", inputs, "ebs");
    assert.match(volume.id, /^vol-0[0-9a-f]{16}$/);
    await assert.rejects(make("volume", { ...inputs, size: 0 }, "ebs"), /from 1 to 65536 GiB/);
    await assert.rejects(make("volume", { ...inputs, availabilityZone: "Frankfurt" }, "ebs"), /zone/);
    const far = await make("volume", { ...inputs, availabilityZone: "eu-central-1b" }, "ebs");
    const server = await make("instance", instance);
    const attach = (volumeId: string) =>
      make("volumeAttachment", { deviceName: "/dev/sdf", instanceId: server.id, volumeId });
    await assert.rejects(attach(far.id), /not in the zone/);
    const attachment = await attach(volume.id);
    const second = await make("volume", { ...inputs, size: 20 }, "ebs");
    await assert.rejects(attach(second.id), /has a disk at \/dev\/sdf already/);
    await assert.rejects(deleted(stand, volume), /a volume attachment uses it/);
    assert.deepEqual((await difference(stand, volume, { ...inputs, size: 20 })).replaces, []);
    await updated(stand, volume, { ...inputs, size: 20 });
    await assert.rejects(updated(stand, volume, inputs), /cannot shrink/);
    for (const gone of [attachment, volume]) await deleted(stand, gone);
  });

  it("finds the same image for the same question", async () => {
    const ask = (name: string) =>
      stand.invoke?.("aws:ec2/getAmi:getAmi", { owners: ["1"], filters: [{ name: "name", values: [name] }] });
    const [one, again, other] = [await ask("a"), await ask("a"), await ask("b")];
    assert.match(String(one?.id), /^ami-0[0-9a-f]{16}$/);
    assert.equal(again?.id, one?.id);
    assert.notEqual(other?.id, one?.id);
  });

  it("routes to the internet through one gateway a VPC", async () => {
    const gateway = await make("internetGateway", { vpcId: vpc.id });
    const table = await make("routeTable", { vpcId: vpc.id });
    const route = { routeTableId: table.id, gatewayId: gateway.id, destinationCidrBlock: "0.0.0.0/0" };
    await make("route", route);
    await assert.rejects(make("internetGateway", { vpcId: vpc.id, tags: { a: "b" } }), /is taken/);
    await make("routeTableAssociation", { routeTableId: table.id, subnetId: subnet.id });
    await assert.rejects(deleted(stand, gateway), /has dependencies/);
    await assert.rejects(deleted(stand, table), /has dependencies/);
  });
});
