import { Firewall } from "@pulumi/hcloud/firewall.js";
import { Network } from "@pulumi/hcloud/network.js";
import { NetworkSubnet } from "@pulumi/hcloud/networkSubnet.js";
import { PlacementGroup } from "@pulumi/hcloud/placementGroup.js";
import { Server } from "@pulumi/hcloud/server.js";
import { ServerNetwork } from "@pulumi/hcloud/serverNetwork.js";
import { SshKey } from "@pulumi/hcloud/sshKey.js";
import * as pulumi from "@pulumi/pulumi";
import type { FirewallRule } from "../firewall.ts";
import type { Cloud, CloudArgs, CloudServer, ServerNode } from "./cloud.ts";
import { cloudName } from "./cloud-names.ts";
import { firewallTargets, isTarget, targetsOf } from "./firewall-targets.ts";
import { portText } from "./node-firewall.ts";
import { checkPrivateRange } from "./private-range.ts";
import { sharedPlace } from "./place.ts";
import { isReplaced, makeServers, replaceMark, serverOptions } from "./server-options.ts";
import { distinctSshKeys } from "./ssh-keys.ts";
import { ubuntu } from "./ubuntu.ts";

/** The longest name that the program gives to something at Hetzner. */
const longestName = 63;
/** Servers that a placement group of the type spread takes at most. */
const spreadSize = 10;
/** What Hetzner reads when it creates a server, and would replace the server for. */
const creationOnly = ["image", "sshKeys", "userData"];

type Targets = Partial<Record<FirewallRule["target"], Firewall>>;

/** What the servers of one network zone share. */
interface Shared {
  readonly subnet: NetworkSubnet;
  readonly firewalls: Targets;
  readonly keys: readonly pulumi.Output<string>[];
  readonly groups: ReadonlyMap<string, PlacementGroup>;
}

/**
 * Servers in one network zone of Hetzner, with a private network, firewalls, SSH keys and placement groups.
 *
 * The private interface is attached when the server exists already, since an address inside the server's own inputs shows a difference
 * at every run: what boots waits for that interface.
 */
export class Hetzner extends pulumi.ComponentResource implements Cloud {
  readonly servers: readonly CloudServer[];
  readonly registeredKeys: readonly pulumi.Output<string>[];
  readonly #name: string;
  readonly #args: CloudArgs;

  constructor(name: string, args: CloudArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:Hetzner", name, {}, options);
    this.#name = name;
    this.#args = args;
    checkPrivateRange("Hetzner", args.privateCidr, { shortest: 8, longest: 24 });

    this.registeredKeys = args.registeredKeys ?? this.#registerKeys();
    const shared: Shared = {
      subnet: this.#makeNetwork(sharedPlace(args.nodes)),
      firewalls: this.#makeFirewalls(),
      keys: this.registeredKeys,
      groups: this.#makePlacementGroups(),
    };
    this.servers = makeServers(args.nodes, (node, after) => this.#makeServer(node, shared, after));
    this.registerOutputs();
  }

  #registerKeys(): pulumi.Output<string>[] {
    return distinctSshKeys(this.#args.sshKeys).map(
      ({ name, publicKey }) =>
        new SshKey(
          `${this.#name}-${name}`,
          { name: this.#cloudName(name), publicKey, labels: this.#labels() },
          { parent: this },
        ).id,
    );
  }

  #makeNetwork(networkZone: string): NetworkSubnet {
    const { privateCidr } = this.#args;
    const network = new Network(
      `${this.#name}-network`,
      { name: this.#cloudName(this.#name), ipRange: privateCidr, labels: this.#labels() },
      { parent: this },
    );
    return new NetworkSubnet(
      `${this.#name}-subnet`,
      {
        networkId: numeric(network.id),
        type: "cloud",
        networkZone,
        ipRange: privateCidr,
      },
      { parent: this },
    );
  }

  /** A firewall for each target. The one for all nodes is there even without a rule: a server without firewall is open. */
  #makeFirewalls(): Targets {
    const make = (target: FirewallRule["target"]) =>
      new Firewall(
        `${this.#name}-firewall-${target}`,
        {
          name: this.#cloudName(this.#name, target),
          rules: this.#args.firewall.filter((rule) => rule.target === target).map(hetznerRule),
          labels: this.#labels(),
        },
        { parent: this },
      );
    return Object.fromEntries(targetsOf(this.#args.nodes).map((target) => [target, make(target)]));
  }

  /** Groups by pool, in tens by the nodes' numbers: which group a server is in never depends on other pools. */
  #makePlacementGroups(): ReadonlyMap<string, PlacementGroup> {
    const groups = new Set(this.#args.nodes.map(placementGroup));
    return new Map(
      [...groups].map((group) => [
        group,
        new PlacementGroup(
          `${this.#name}-spread-${group}`,
          { name: this.#cloudName(group), type: "spread", labels: this.#labels() },
          { parent: this },
        ),
      ]),
    );
  }

  #makeServer(node: ServerNode, shared: Shared, after: readonly pulumi.Resource[]) {
    const group = shared.groups.get(placementGroup(node));
    const firewalls = firewallTargets.flatMap((target) => {
      const firewall = isTarget(node, target) ? shared.firewalls[target] : undefined;
      return firewall ? [numeric(firewall.id)] : [];
    });
    const server = new Server(
      node.name,
      {
        name: node.name,
        serverType: node.pool.type,
        location: node.pool.region,
        // By name: Hetzner then takes the image of the type's architecture.
        image: `ubuntu-${ubuntu.version}`,
        userData: this.#args.userData(node),
        sshKeys: [...shared.keys],
        firewallIds: firewalls,
        ...(group ? { placementGroupId: numeric(group.id) } : {}),
        labels: {
          ...this.#labels(),
          "uap.dev/pool": node.pool.name,
          "uap.dev/role": node.role,
          ...(isReplaced(node) ? { [replaceMark]: "true" } : {}),
        },
      },
      {
        ...serverOptions(this, this.#args, node, creationOnly, `labels["${replaceMark}"]`),
        dependsOn: [...after],
      },
    );
    const attachment = new ServerNetwork(
      `${node.name}-network`,
      { serverId: numeric(server.id), subnetId: shared.subnet.id, ip: node.privateAddress },
      { parent: this, deleteBeforeReplace: true },
    );
    return {
      resource: server,
      made: { node, publicIpv4: server.ipv4Address, privateIpv4: attachment.ip },
    };
  }

  #cloudName(...parts: readonly string[]): string {
    return cloudName(longestName, this.#args.cluster, ...parts);
  }

  #labels(): Record<string, string> {
    return { "uap.dev/cluster": this.#args.cluster };
  }
}

/** A rule as Hetzner writes it. */
export function hetznerRule({ description, protocol, ports, sources }: FirewallRule) {
  return {
    description,
    direction: "in",
    protocol,
    ...(ports ? { port: portText(ports, "-") } : {}),
    sourceIps: [...sources],
  };
}

/** `<pool>-1` to `<pool>-10` are in the pool's first group, and so on. */
function placementGroup({ name, pool }: ServerNode): string {
  const number = Number(name.slice(pool.name.length + 1));
  return `${pool.name}-${Math.ceil(number / spreadSize)}`;
}

/** Hetzner's ids are numbers, Pulumi's are texts. */
function numeric(id: pulumi.Output<string>): pulumi.Output<number> {
  return id.apply(Number);
}
