import { Droplet } from "@pulumi/digitalocean/droplet.js";
import { Firewall } from "@pulumi/digitalocean/firewall.js";
import { SshKey } from "@pulumi/digitalocean/sshKey.js";
import { Tag } from "@pulumi/digitalocean/tag.js";
import { Vpc } from "@pulumi/digitalocean/vpc.js";
import * as pulumi from "@pulumi/pulumi";
import { sourceRange, type FirewallRule } from "../firewall.ts";
import { requireAmd64 } from "./architecture.ts";
import type { Cloud, CloudArgs, CloudServer, ServerNode } from "./cloud.ts";
import { cloudName } from "./cloud-names.ts";
import { attachDigitalOceanVolume } from "./digitalocean-volumes.ts";
import { firewallTargets, isTarget, targetsOf } from "./firewall-targets.ts";
import type { FirewallTarget } from "./firewall-targets.ts";
import { portText } from "./node-firewall.ts";
import { regionOf } from "./region.ts";
import { isReplaced, makeServers, serverOptions } from "./server-options.ts";
import { ubuntu } from "./ubuntu.ts";

/** The longest name that the program gives to something at DigitalOcean. */
const longestName = 63;
/** What DigitalOcean reads when it creates a droplet, and would replace it for. */
const creationOnly = ["image", "sshKeys", "userData"];
const everywhere = ["0.0.0.0/0", "::/0"];
/** DigitalOcean closes what goes out too, unless a rule opens it. */
const outboundRules = [
  { protocol: "tcp", portRange: "1-65535", destinationAddresses: everywhere },
  { protocol: "udp", portRange: "1-65535", destinationAddresses: everywhere },
  { protocol: "icmp", destinationAddresses: everywhere },
];

/** What the droplets of one region share. */
interface Shared {
  readonly region: string;
  readonly vpc: Vpc;
  readonly tags: ReadonlyMap<FirewallTarget, Tag>;
  readonly firewalls: ReadonlyMap<FirewallTarget, Firewall>;
}

/**
 * Droplets in one region of DigitalOcean, with a VPC, firewalls and an SSH key.
 *
 * DigitalOcean chooses the private addresses itself, within the VPC's range. There are no placement groups.
 */
export class DigitalOcean extends pulumi.ComponentResource implements Cloud {
  readonly servers: readonly CloudServer[];
  readonly registeredKey: pulumi.CustomResource;
  readonly #name: string;
  readonly #args: CloudArgs;

  constructor(name: string, args: CloudArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:DigitalOcean", name, {}, options);
    this.#name = name;
    this.#args = args;
    requireAmd64("DigitalOcean", args.nodes);

    const region = regionOf(args.nodes);
    this.registeredKey = args.registeredKey ?? this.#registerKey();
    const tags = this.#makeTags();
    const shared: Shared = {
      region,
      vpc: this.#makeVpc(region),
      tags,
      firewalls: this.#makeFirewalls(tags),
    };
    this.servers = makeServers(args.nodes, (node, after) => this.#makeDroplet(node, shared, after));
    this.registerOutputs();
  }

  /** A droplet without a key would get a password, by mail. */
  #registerKey(): SshKey {
    return new SshKey(
      `${this.#name}-ssh-key`,
      { name: this.#cloudName(), publicKey: this.#args.sshKey },
      { parent: this },
    );
  }

  #makeVpc(region: string): Vpc {
    return new Vpc(
      `${this.#name}-network`,
      {
        name: this.#cloudName(this.#name),
        description: `Private network of the cluster ${this.#args.cluster}`,
        region,
        ipRange: this.#args.privateCidr,
      },
      { parent: this },
    );
  }

  /** A tag for each target: it marks the droplets that the target's firewall is for. */
  #makeTags(): ReadonlyMap<FirewallTarget, Tag> {
    return new Map(
      targetsOf(this.#args.nodes).map((target) => [
        target,
        new Tag(
          `${this.#name}-tag-${target}`,
          { name: cloudName(longestName, "uap", this.#args.cluster, this.#name, target) },
          { parent: this },
        ),
      ]),
    );
  }

  #makeFirewalls(tags: Shared["tags"]): Shared["firewalls"] {
    return new Map(
      [...tags].map(([target, tag]) => [
        target,
        new Firewall(
          `${this.#name}-firewall-${target}`,
          {
            name: this.#cloudName(this.#name, target),
            tags: [tag.name],
            inboundRules: this.#args.firewall
              .filter((rule) => rule.target === target)
              .flatMap(digitalOceanRules),
            // Once: what several firewalls open adds up.
            ...(target === "all" ? { outboundRules } : {}),
          },
          { parent: this },
        ),
      ]),
    );
  }

  #makeDroplet(node: ServerNode, shared: Shared, after: readonly pulumi.Resource[]) {
    const tags = firewallTargets.flatMap((target) => {
      const tag = isTarget(node, target) ? shared.tags.get(target) : undefined;
      return tag ? [tag.name] : [];
    });
    const closed = shared.firewalls.get("all");
    const droplet = new Droplet(
      node.name,
      {
        name: node.name,
        region: shared.region,
        size: node.pool.type,
        image: `ubuntu-${ubuntu.version.replace(".", "-")}-x64`,
        userData: this.#args.userData(node),
        sshKeys: [this.registeredKey.id],
        vpcUuid: shared.vpc.id,
        ipv6: true,
        monitoring: true,
        tags,
        // The mark of a droplet that is created anew: tags are a set, of which no single one can be named.
        gracefulShutdown: isReplaced(node),
      },
      {
        ...serverOptions(this, this.#args, node, creationOnly, "gracefulShutdown"),
        // Firewalls find droplets by tag. The one for all nodes is there before the first droplet boots; the others open more, and may
        // wait for droplets' addresses.
        dependsOn: [...(closed ? [closed] : []), ...after],
      },
    );
    const marks = {
      // A volume's name begins with a letter, a cluster's need not.
      name: cloudName(longestName, "uap", this.#args.cluster, node.name),
      tags: [...shared.tags].flatMap(([target, { name }]) => (target === "all" ? [name] : [])),
    };
    return {
      resource: droplet,
      id: attachDigitalOceanVolume(droplet, node, marks, this.#args, this),
      made: { node, publicIpv4: droplet.ipv4Address, privateIpv4: droplet.ipv4AddressPrivate },
    };
  }

  #cloudName(...parts: readonly string[]): string {
    return cloudName(longestName, this.#args.cluster, ...parts);
  }
}

/** A rule as DigitalOcean writes it; it has no room for the description, and none for IP in IP. */
export function digitalOceanRules({ protocol, ports, sources }: FirewallRule) {
  if (protocol === "ipip") return [];
  return [
    {
      protocol,
      ...(ports ? { portRange: portText(ports, "-") } : {}),
      sourceAddresses: sources.map(sourceRange),
    },
  ];
}
