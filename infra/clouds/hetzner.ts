import { Firewall } from "@pulumi/hcloud/firewall.js";
import { FirewallAttachment } from "@pulumi/hcloud/firewallAttachment.js";
import { Network } from "@pulumi/hcloud/network.js";
import { NetworkSubnet } from "@pulumi/hcloud/networkSubnet.js";
import { PlacementGroup } from "@pulumi/hcloud/placementGroup.js";
import { Server } from "@pulumi/hcloud/server.js";
import { ServerNetwork } from "@pulumi/hcloud/serverNetwork.js";
import { SshKey } from "@pulumi/hcloud/sshKey.js";
import * as pulumi from "@pulumi/pulumi";
import { nodeNumber } from "../../config/sections/pools.ts";
import { sourceRange, type FirewallRule } from "../firewall.ts";
import type { Cloud, CloudArgs, CloudServer, ServerNode } from "./cloud.ts";
import { cloudName } from "./cloud-names.ts";
import { attachHetznerVolume } from "./hetzner-volumes.ts";
import { targetsOf, type FirewallTarget } from "./firewall-targets.ts";
import { portText } from "./node-firewall.ts";
import { sharedPlace } from "./place.ts";
import { isReplaced, makeServers, replaceMark, serverOptions } from "./server-options.ts";
import { ubuntu } from "./ubuntu.ts";

/** The longest name that the program gives to something at Hetzner. */
const longestName = 63;
/** Servers that a placement group of the type spread takes at most. */
const spreadSize = 10;
/** A rule takes so many ranges at most. */
const mostRanges = 100;
/**
 * What Hetzner reads when it creates a server, and would replace the server for; and its firewalls, since Hetzner lists those too that find
 * the server by label, and the provider would take them away.
 */
const creationOnly = ["image", "sshKeys", "userData", "firewallIds"];

/** What the servers of one network zone share. */
interface Shared {
  readonly subnet: NetworkSubnet;
  /** The firewall for all nodes. */
  readonly firewall: Firewall;
  readonly groups: ReadonlyMap<string, PlacementGroup>;
}

/**
 * Servers in one network zone of Hetzner, with a private network, firewalls, an SSH key and placement groups.
 *
 * The private interface is attached when the server exists already, since an address inside the server's own inputs shows a difference
 * at every run: what boots waits for that interface.
 *
 * A server has the firewall for all nodes from its creation, without which it would be open. Those for control planes and ingress
 * nodes find it by label, so that their rules may name servers that stand behind them.
 */
export class Hetzner extends pulumi.ComponentResource implements Cloud {
  readonly servers: readonly CloudServer[];
  readonly registeredKey: pulumi.CustomResource;
  readonly #name: string;
  readonly #args: CloudArgs;

  constructor(name: string, args: CloudArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:Hetzner", name, {}, options);
    this.#name = name;
    this.#args = args;

    this.registeredKey = args.registeredKey ?? this.#registerKey();
    const shared: Shared = {
      subnet: this.#makeNetwork(sharedPlace(args.nodes)),
      firewall: this.#makeFirewall("all"),
      groups: this.#makePlacementGroups(),
    };
    this.#makeTargetedFirewalls();
    this.servers = makeServers(args.nodes, (node, after) => this.#makeServer(node, shared, after));
    this.registerOutputs();
  }

  /** A server without a key would get a password, by mail. */
  #registerKey(): SshKey {
    return new SshKey(
      `${this.#name}-ssh-key`,
      { name: this.#cloudName(), publicKey: this.#args.sshKey, labels: this.#labels() },
      { parent: this },
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

  #makeFirewall(target: FirewallTarget): Firewall {
    const rules = this.#args.firewall.filter((rule) => rule.target === target).flatMap(hetznerRules);
    return new Firewall(
      `${this.#name}-firewall-${target}`,
      { name: this.#cloudName(this.#name, target), rules, labels: this.#labels() },
      { parent: this },
    );
  }

  #makeTargetedFirewalls(): void {
    for (const target of targetsOf(this.#args.nodes)) {
      if (target === "all") continue;
      const labels = Object.entries({ ...this.#networkLabels(), ...targetLabel(target) });
      new FirewallAttachment(
        `${this.#name}-firewall-${target}`,
        {
          firewallId: numeric(this.#makeFirewall(target).id),
          labelSelectors: [labels.map(([key, value]) => `${key}=${value}`).join(",")],
        },
        { parent: this },
      );
    }
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
    const server = new Server(
      node.name,
      {
        // Unique in the account's project, where other clusters may be.
        name: this.#cloudName(node.name),
        serverType: node.pool.type,
        location: node.pool.region,
        // By name: Hetzner then takes the image of the type's architecture.
        image: `ubuntu-${ubuntu.version}`,
        userData: this.#args.userData(node),
        sshKeys: [this.registeredKey.id],
        firewallIds: [numeric(shared.firewall.id)],
        ...(group ? { placementGroupId: numeric(group.id) } : {}),
        labels: {
          ...this.#nodeLabels(node),
          ...(node.ingress ? targetLabel("ingress") : {}),
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
      {
        serverId: numeric(server.id),
        subnetId: shared.subnet.id,
        ...(node.plannedAddress !== undefined && { ip: node.plannedAddress }),
      },
      // An address is planned for the creation; another one would detach the server.
      { parent: this, ignoreChanges: ["ip"], deleteBeforeReplace: true },
    );
    const name = this.#cloudName(node.name);
    const labels = this.#nodeLabels(node);
    return {
      resource: server,
      id: attachHetznerVolume(server, node, { name, labels }, this.#args, this),
      made: { node, publicIpv4: server.ipv4Address, privateIpv4: attachment.ip },
    };
  }

  #cloudName(...parts: readonly string[]): string {
    return cloudName(longestName, this.#args.cluster, ...parts);
  }

  #labels(): Record<string, string> {
    return { "uap.dev/cluster": this.#args.cluster };
  }

  #nodeLabels({ pool, role }: ServerNode): Record<string, string> {
    return { ...this.#networkLabels(), "uap.dev/pool": pool.name, "uap.dev/role": role };
  }

  /** What the servers of this component have in common, and no others. */
  #networkLabels(): Record<string, string> {
    return { ...this.#labels(), "uap.dev/network": this.#name };
  }
}

/** The label by which a firewall finds its servers. */
function targetLabel(target: Exclude<FirewallTarget, "all">): Record<string, string> {
  return target === "ingress" ? { "uap.dev/ingress": "true" } : { "uap.dev/role": target };
}

/**
 * A rule as Hetzner writes it, or several where it has many sources. Hetzner's firewalls stand before the public interface alone, so what
 * only neighbours say to each other passes without a rule.
 */
export function hetznerRules({ description, protocol, ports, sources }: FirewallRule) {
  if (protocol === "ipip") return [];
  const parts = Array.from({ length: Math.ceil(sources.length / mostRanges) }, (_, index) =>
    sources.slice(index * mostRanges, (index + 1) * mostRanges),
  );
  return parts.map((part) => ({
    description,
    direction: "in",
    protocol,
    ...(ports ? { port: portText(ports, "-") } : {}),
    sourceIps: part.map(sourceRange),
  }));
}

/** `<pool>-1` to `<pool>-10` are in the pool's first group, and so on. */
function placementGroup({ name, pool }: ServerNode): string {
  return `${pool.name}-${Math.ceil(nodeNumber(pool, name) / spreadSize)}`;
}

/** Hetzner's ids are numbers, Pulumi's are texts. */
function numeric(id: pulumi.Output<string>): pulumi.Output<number> {
  return id.apply(Number);
}
