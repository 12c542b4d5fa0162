import * as pulumi from "@pulumi/pulumi";
import { SshKey } from "@pulumiverse/scaleway/iam/sshKey.js";
import { Ip } from "@pulumiverse/scaleway/instance/ip.js";
import { PrivateNic } from "@pulumiverse/scaleway/instance/privateNic.js";
import { SecurityGroup } from "@pulumiverse/scaleway/instance/securityGroup.js";
import { Server } from "@pulumiverse/scaleway/instance/server.js";
import { Ip as PrivateIp } from "@pulumiverse/scaleway/ipam/ip.js";
import { PrivateNetwork } from "@pulumiverse/scaleway/network/privateNetwork.js";
import { Vpc } from "@pulumiverse/scaleway/network/vpc.js";
import { sourceRange, type FirewallRule } from "../firewall.ts";
import type { Cloud, CloudArgs, CloudServer, ServerNode } from "./cloud.ts";
import { cloudName, clusterTags, serverTags } from "./cloud-names.ts";
import { firewallKind, firewallKinds, portText, rulesFor, type FirewallKind } from "./node-firewall.ts";
import { regionOf } from "./region.ts";
import { makeServers, serverOptions } from "./server-options.ts";
import { ubuntu } from "./ubuntu.ts";

const longestName = 63;

/** What the API reads only when it creates a server. */
const creationOnly = ["cloudInit", "image", "rootVolume"];

/** Server types that have a disk of their own; the others boot from block storage, whose size one chooses. */
const typesWithDisk = /^(DEV1|GP1|STARDUST1)-/;
/** Without a size, the provider takes all that the type has. Without a root volume, these servers too would get block storage, 10 GB of it. */
const localDisk = { volumeType: "l_ssd", deleteOnTermination: true };

/** What the servers of one zone share. */
interface Shared {
  readonly network: PrivateNetwork;
  readonly groups: ReadonlyMap<FirewallKind, SecurityGroup>;
}

/**
 * Servers at Scaleway in one zone, with a private network, security groups and an SSH key.
 *
 * A server has one security group, which guards its public interface only, so there is a group for each kind of node. The private
 * interface is attached when the server exists already: what boots waits for it.
 */
export class Scaleway extends pulumi.ComponentResource implements Cloud {
  readonly servers: readonly CloudServer[];
  readonly registeredKey: pulumi.CustomResource;
  readonly #name: string;
  readonly #args: CloudArgs;
  /** The private addresses that are planned. */
  readonly #planned: PrivateIp[] = [];

  constructor(name: string, args: CloudArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:Scaleway", name, {}, options);
    this.#name = name;
    this.#args = args;
    this.registeredKey = args.registeredKey ?? this.#registerKey();
    const shared: Shared = { network: this.#makeNetwork(), groups: this.#makeSecurityGroups() };
    this.servers = makeServers(plannedFirst(args.nodes), (node, after) =>
      this.#makeServer(node, shared, after),
    );
    this.registerOutputs();
  }

  /** Keys belong to the project; a server takes all of them when it boots. */
  #registerKey(): SshKey {
    const { cluster, sshKey } = this.#args;
    const name = cloudName(longestName, cluster);
    return new SshKey(`${this.#name}-ssh-key`, { name, publicKey: sshKey }, { parent: this });
  }

  /** In a VPC of its own: within one VPC, the ranges of two clusters would not be allowed to overlap. */
  #makeNetwork(): PrivateNetwork {
    const { cluster, nodes, privateCidr } = this.#args;
    const common = {
      name: cloudName(longestName, cluster, this.#name),
      region: regionOfZone(regionOf(nodes)),
      tags: clusterTags(cluster),
    };
    const vpc = new Vpc(`${this.#name}-vpc`, common, { parent: this });
    return new PrivateNetwork(
      `${this.#name}-network`,
      { ...common, vpcId: vpc.id, ipv4Subnet: { subnet: privateCidr } },
      { parent: this },
    );
  }

  #makeSecurityGroups(): ReadonlyMap<FirewallKind, SecurityGroup> {
    const { cluster, firewall, nodes } = this.#args;
    const make = (kind: FirewallKind, node: ServerNode) =>
      new SecurityGroup(
        `${this.#name}-firewall-${kind}`,
        {
          name: cloudName(longestName, cluster, this.#name, kind),
          zone: regionOf(nodes),
          tags: clusterTags(cluster),
          stateful: true,
          inboundDefaultPolicy: "drop",
          outboundDefaultPolicy: "accept",
          inboundRules: rulesFor(firewall, node).flatMap(inboundRules),
        },
        { parent: this },
      );
    return new Map([...firewallKinds(nodes)].map(([kind, node]) => [kind, make(kind, node)]));
  }

  #makeServer(node: ServerNode, shared: Shared, after: readonly pulumi.Resource[]) {
    const { region: zone, type } = node.pool;
    const address = new Ip(
      `${node.name}-address`,
      { zone, type: "routed_ipv4", tags: clusterTags(this.#args.cluster) },
      { parent: this },
    );
    const group = shared.groups.get(firewallKind(node));
    const server = new Server(
      node.name,
      {
        zone,
        type,
        name: node.name,
        // By label, which stands for the image of the type's architecture.
        image: `ubuntu_${ubuntu.codename}`,
        tags: serverTags(this.#args.cluster, node),
        ipIds: [address.id],
        cloudInit: this.#args.userData(node),
        ...(group && { securityGroupId: group.id }),
        rootVolume: typesWithDisk.test(type) ? localDisk : blockVolume(node),
      },
      {
        ...serverOptions(this, this.#args, node, creationOnly),
        dependsOn: [...after, this.registeredKey],
      },
    );
    const privateIpv4 = this.#attach(node, server, shared.network);
    return { resource: server, made: { node, publicIpv4: address.address, privateIpv4 } };
  }

  /** Puts a server into the private network. Planned addresses are booked first, so that Scaleway gives none of them to another server. */
  #attach(node: ServerNode, server: Server, network: PrivateNetwork): pulumi.Output<string> {
    const { region: zone } = node.pool;
    const tags = clusterTags(this.#args.cluster);
    const address = new PrivateIp(
      `${node.name}-private-address`,
      {
        ...(node.plannedAddress !== undefined && { address: node.plannedAddress }),
        region: regionOfZone(zone),
        sources: [{ privateNetworkId: network.id }],
        tags,
      },
      {
        parent: this,
        // An address is planned for the creation; another one would replace it.
        ignoreChanges: ["address"],
        ...(node.plannedAddress === undefined && { dependsOn: this.#planned }),
      },
    );
    if (node.plannedAddress !== undefined) this.#planned.push(address);
    new PrivateNic(
      `${node.name}-network`,
      { serverId: server.id, privateNetworkId: network.id, ipamIpIds: [address.id], zone, tags },
      { parent: this, deleteBeforeReplace: true },
    );
    return address.address;
  }
}

/** Nodes with a planned address before the others. */
function plannedFirst(nodes: readonly ServerNode[]): ServerNode[] {
  const isChosen = ({ plannedAddress }: ServerNode) => plannedAddress === undefined;
  return [...nodes.filter((node) => !isChosen(node)), ...nodes.filter(isChosen)];
}

/** The region that a zone is in: `fr-par-1` is in `fr-par`. */
function regionOfZone(zone: string): string {
  return zone.replace(/-\d+$/, "");
}

/** Scaleway counts in units of 10^9 bytes. */
function blockVolume({ size }: ServerNode) {
  return { volumeType: "sbs_volume", sizeInGb: Math.ceil(size.disk / 1e9), deleteOnTermination: true };
}

/** A security group guards the public interface alone, where neighbours do not meet: they need no rule for IP in IP. */
function inboundRules({ protocol, ports, sources }: FirewallRule) {
  if (protocol === "ipip") return [];
  return sources.map((source) => ({
    action: "accept",
    protocol: protocol.toUpperCase(),
    ipRange: sourceRange(source),
    ...(ports && (ports.from === ports.to ? { port: ports.from } : { portRange: portText(ports, "-") })),
  }));
}
