import { getAmiOutput } from "@pulumi/aws/ec2/getAmi.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { KeyPair } from "@pulumi/aws/ec2/keyPair.js";
import { PlacementGroup } from "@pulumi/aws/ec2/placementGroup.js";
import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile.js";
import { Role } from "@pulumi/aws/iam/role.js";
import * as pulumi from "@pulumi/pulumi";
import { isSpot, nodeNumber, type Architecture } from "../../config/sections/pools.ts";
import { checkAwsRules, makeAwsFirewall } from "./aws-firewall.ts";
import type { AwsFirewall } from "./aws-firewall.ts";
import { makeAwsNetwork } from "./aws-network.ts";
import type { AwsNetwork } from "./aws-network.ts";
import { attachAwsVolume } from "./aws-volumes.ts";
import { zoneIndex } from "./aws-zones.ts";
import type { Cloud, CloudArgs, CloudServer, ServerNode } from "./cloud.ts";
import { cloudName } from "./cloud-names.ts";
import { firewallTargets, isTarget, targetsOf } from "./firewall-targets.ts";
import { regionOf } from "./region.ts";
import { isReplaced, makeServers, replaceMark, serverOptions } from "./server-options.ts";
import { ubuntu } from "./ubuntu.ts";

/** The longest name that the program gives to something at AWS; a role's may have 64. */
const longestName = 63;
/** What AWS reads when it creates an instance, and would replace it for. */
const creationOnly = ["ami", "keyName", "userData", "privateIp", "instanceMarketOptions"];
/**
 * An instance at the spot market's price is stopped when AWS needs its place, and started again when there is room: node, disk and private
 * address stay. The one-time instances that are AWS' default would be gone for good.
 */
const spotMarket = {
  marketType: "spot",
  spotOptions: { spotInstanceType: "persistent", instanceInterruptionBehavior: "stop" },
};
/** Canonical's account, which publishes Ubuntu's images. */
const canonical = "099720109477";
/** The image needs this much, in GiB. */
const smallestDisk = 8;
const gibibyte = 2 ** 30;

/** What the instances of one region share. */
interface Shared {
  readonly region: string;
  readonly network: AwsNetwork;
  readonly firewall: AwsFirewall;
  readonly images: ReadonlyMap<Architecture, pulumi.Output<string>>;
  readonly profile: InstanceProfile;
  readonly key: KeyPair;
  readonly spread: PlacementGroup | undefined;
}

/**
 * EC2 instances in one region, in a VPC of their own with subnets in up to three zones: a node's zone follows from its
 * number in its pool, see aws-zones.ts.
 *
 * The public address is AWS's own and changes when an instance is stopped and started, as a change of its type does.
 */
export class Aws extends pulumi.ComponentResource implements Cloud {
  readonly servers: readonly CloudServer[];
  readonly #name: string;
  readonly #args: CloudArgs;

  constructor(name: string, args: CloudArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:Aws", name, {}, options);
    this.#name = name;
    this.#args = args;
    checkAwsRules(args.firewall, targetsOf(args.nodes));

    const region = regionOf(args.nodes);
    const network = makeAwsNetwork(
      name,
      { ...this.#common(region), subnets: args.nodes.map(subnetIndex) },
      this,
    );
    const shared: Shared = {
      region,
      network,
      firewall: makeAwsFirewall(name, { ...this.#common(region), vpcId: network.vpc.id }, this),
      images: this.#findImages(region),
      profile: this.#makeProfile(),
      key: this.#makeKey(region),
      spread: this.#makeSpread(region),
    };
    this.servers = makeServers(args.nodes, (node, after) => this.#makeInstance(node, shared, after));
    this.registerOutputs();
  }

  #common(region: string) {
    const { cluster, privateCidr, firewall, nodes } = this.#args;
    return {
      cluster,
      region,
      privateCidr,
      firewall,
      targets: targetsOf(nodes),
      tags: (name: string) => this.#tags(this.#cloudName(name)),
    };
  }

  /** The newest image of each architecture. A newer one is for new servers only. */
  #findImages(region: string): Shared["images"] {
    const architectures = [...new Set(this.#args.nodes.map(({ arch }) => arch))];
    return new Map(
      architectures.map((arch) => [
        arch,
        getAmiOutput(
          {
            region,
            owners: [canonical],
            mostRecent: true,
            filters: [{ name: "name", values: [imageName(arch)] }],
          },
          { parent: this },
        ).id,
      ]),
    );
  }

  /** A profile without any right: nodes call no API of AWS. What they are allowed later is given to its role. */
  #makeProfile(): InstanceProfile {
    const name = this.#cloudName(this.#name);
    const assumeRolePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    const common = { name, tags: this.#tags(name) };
    const role = new Role(
      this.#name,
      { ...common, description: `Nodes of the cluster ${this.#args.cluster}`, assumeRolePolicy },
      { parent: this },
    );
    return new InstanceProfile(this.#name, { ...common, role: role.name }, { parent: this });
  }

  /** Each region has key pairs of its own. */
  #makeKey(region: string): KeyPair {
    const name = this.#cloudName();
    return new KeyPair(
      `${this.#name}-ssh-key`,
      { region, keyName: name, publicKey: this.#args.sshKey, tags: this.#tags(name) },
      { parent: this },
    );
  }

  /** Control planes stand on hardware of their own. A group takes seven instances a zone, and they are five at most. */
  #makeSpread(region: string): PlacementGroup | undefined {
    if (!this.#args.nodes.some(({ role }) => role === "control-plane")) return undefined;
    const name = this.#cloudName(this.#name, "control-plane");
    return new PlacementGroup(
      `${this.#name}-control-plane`,
      { region, name, strategy: "spread", tags: this.#tags(name) },
      { parent: this },
    );
  }

  #makeInstance(node: ServerNode, shared: Shared, after: readonly pulumi.Resource[]) {
    const image = shared.images.get(node.arch);
    const subnet = shared.network.subnetOf(subnetIndex(node));
    const tags = {
      ...this.#tags(node.name),
      "uap.dev/pool": node.pool.name,
      "uap.dev/role": node.role,
    };
    const instance = new Instance(
      node.name,
      {
        region: shared.region,
        instanceType: node.pool.type,
        ...(image ? { ami: image } : {}),
        userData: this.#args.userData(node),
        keyName: shared.key.keyName,
        iamInstanceProfile: shared.profile.name,
        subnetId: subnet.id,
        ...(node.plannedAddress !== undefined && { privateIp: node.plannedAddress }),
        associatePublicIpAddress: true,
        // Packets of pods have addresses that AWS does not know.
        sourceDestCheck: false,
        vpcSecurityGroupIds: securityGroups(node, shared.firewall),
        ...(shared.spread && node.role === "control-plane" ? { placementGroup: shared.spread.name } : {}),
        ...(isSpot(node.pool) ? { instanceMarketOptions: spotMarket } : {}),
        // User-data holds secrets: a token is required, and no pod is near enough to get one.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: Math.max(smallestDisk, Math.ceil(node.size.disk / gibibyte)),
          encrypted: true,
          deleteOnTermination: true,
          tags,
        },
        tags: { ...tags, ...(isReplaced(node) ? { [replaceMark]: "true" } : {}) },
      },
      {
        ...serverOptions(this, this.#args, node, creationOnly, `tags["${replaceMark}"]`),
        dependsOn: [...shared.network.prerequisites, ...shared.firewall.rules, ...after],
      },
    );
    const { region } = shared;
    const { protect } = this.#args;
    return {
      resource: instance,
      id: attachAwsVolume(instance, node, { region, subnet, tags, protect }, this),
      made: { node, publicIpv4: instance.publicIp, privateIpv4: instance.privateIp },
    };
  }

  #cloudName(...parts: readonly string[]): string {
    return cloudName(longestName, this.#args.cluster, ...parts);
  }

  #tags(name: string): Record<string, string> {
    return { Name: name, "uap.dev/cluster": this.#args.cluster };
  }
}

/** The subnet of a node, by its place among them. */
function subnetIndex({ name, pool }: ServerNode): number {
  return zoneIndex(nodeNumber(pool, name) - 1);
}

function imageName(arch: Architecture): string {
  return `ubuntu/images/hvm-ssd-gp3/ubuntu-${ubuntu.codename}-${ubuntu.version}-${arch}-server-*`;
}

function securityGroups(node: ServerNode, { groups }: AwsFirewall): pulumi.Output<string>[] {
  return firewallTargets.flatMap((target) => {
    const group = isTarget(node, target) ? groups.get(target) : undefined;
    return group ? [group.id] : [];
  });
}
