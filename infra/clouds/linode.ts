import { Firewall } from "@pulumi/linode/firewall.js";
import { Instance } from "@pulumi/linode/instance.js";
import { NetworkingIp } from "@pulumi/linode/networkingIp.js";
import { Vpc } from "@pulumi/linode/vpc.js";
import { VpcSubnet } from "@pulumi/linode/vpcSubnet.js";
import * as pulumi from "@pulumi/pulumi";
import { isIpv6, sourceRange, type FirewallRule } from "../firewall.ts";
import { requireAmd64 } from "./architecture.ts";
import type { Cloud, CloudArgs, CloudServer, ServerNode } from "./cloud.ts";
import { cloudName, clusterTags, serverTags } from "./cloud-names.ts";
import { portText, rulesFor } from "./node-firewall.ts";
import { regionOf } from "./region.ts";
import { makeServers, serverOptions } from "./server-options.ts";
import { ubuntu } from "./ubuntu.ts";

/** Longest labels that the API takes; all have at least three characters. */
const longestLabel = { server: 50, network: 64, firewall: 32 };
/** Addresses that a firewall rule takes (Linode's cloud firewall controller splits there too). */
const mostSources = 255;
/** Longest description of a firewall rule. */
const longestDescription = 100;

/** The place of the private interface among those of a server. */
const privateInterface = 1;

/** What the API reads only when it creates a server; a change of the firewall's id would replace it too. */
const creationOnly = [
  "metadatas",
  "image",
  "authorizedKeys",
  "firewallId",
  "ipv4s",
  `interfaces[${privateInterface}].ipv4`,
];

/**
 * Servers at Linode in one region, with a VPC and firewalls.
 *
 * Each server has a firewall of its own: the API attaches one when it creates the server, and another one would replace the server,
 * whereas rules change in place. So a firewall is there before its server, and where it lets servers in, its own one among them, the server's address
 * has to be there even before: it is reserved, which Linode charges for.
 */
export class Linode extends pulumi.ComponentResource implements Cloud {
  readonly servers: readonly CloudServer[];
  readonly #name: string;
  readonly #args: CloudArgs;

  constructor(name: string, args: CloudArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:Linode", name, {}, options);
    this.#name = name;
    this.#args = args;
    requireAmd64("Linode", args.nodes);
    const subnet = this.#makeNetwork();
    this.servers = makeServers(args.nodes, (node, after) => this.#makeServer(node, subnet, after));
    this.registerOutputs();
  }

  #makeNetwork(): VpcSubnet {
    const { cluster, nodes, privateCidr } = this.#args;
    const label = cloudName(longestLabel.network, cluster, this.#name);
    const network = new Vpc(`${this.#name}-network`, { label, region: regionOf(nodes) }, { parent: this });
    return new VpcSubnet(
      `${this.#name}-subnet`,
      { label, vpcId: numeric(network.id), ipv4: privateCidr },
      { parent: this },
    );
  }

  #makeFirewall(node: ServerNode): Firewall {
    const { cluster } = this.#args;
    return new Firewall(
      `${node.name}-firewall`,
      {
        label: cloudName(longestLabel.firewall, cluster, node.name),
        tags: clusterTags(cluster),
        inboundPolicy: "DROP",
        outboundPolicy: "ACCEPT",
        inbounds: this.#rulesFor(node).flatMap(inbounds),
      },
      { parent: this },
    );
  }

  #rulesFor(node: ServerNode): FirewallRule[] {
    return rulesFor(this.#args.firewall, node);
  }

  /** A public address that is there before the server, for a server whose firewall waits for servers' addresses. */
  #reserveAddress(node: ServerNode): pulumi.Output<string> | undefined {
    const waits = this.#rulesFor(node).some(({ sources }) =>
      sources.some((source) => typeof source !== "string"),
    );
    if (!waits) return undefined;
    const { region } = node.pool;
    return new NetworkingIp(
      `${node.name}-address`,
      { region, type: "ipv4", public: true, reserved: true },
      { parent: this },
    ).address;
  }

  #makeServer(node: ServerNode, subnet: VpcSubnet, after: readonly pulumi.Resource[]) {
    const { cluster, sshKey, userData } = this.#args;
    const address = this.#reserveAddress(node);
    const server = new Instance(
      node.name,
      {
        region: node.pool.region,
        type: node.pool.type,
        image: `linode/ubuntu${ubuntu.version}`,
        // Labels are unique in an account, so they need the cluster's name.
        label: cloudName(longestLabel.server, cluster, node.name),
        tags: serverTags(cluster, node),
        authorizedKeys: [sshKey],
        firewallId: numeric(this.#makeFirewall(node).id),
        ...(address && { ipv4s: [address] }),
        interfaces: [
          { purpose: "public", primary: true },
          {
            purpose: "vpc",
            subnetId: numeric(subnet.id),
            ...(node.plannedAddress !== undefined && { ipv4: { vpc: node.plannedAddress } }),
          },
        ],
        metadatas: [{ userData: userData(node).apply(base64) }],
      },
      { ...serverOptions(this, this.#args, node, creationOnly), dependsOn: [...after] },
    );
    // Every Linode has IPv6 too; it is not told, since what the cluster serves answers on IPv4.
    return {
      resource: server,
      made: {
        node,
        publicIpv4: address ?? server.ipv4s.apply(publicAddress),
        privateIpv4: server.interfaces.apply(privateAddress),
      },
    };
  }
}

/** Linode's ids are numbers, Pulumi's are texts. */
function numeric(id: pulumi.Output<string>): pulumi.Output<number> {
  return id.apply(Number);
}

/** The public one of a server's IPv4 addresses; the private network's are listed elsewhere. */
function publicAddress(ipv4s: readonly string[]): string {
  const [address] = ipv4s;
  if (address === undefined) throw new pulumi.RunError("Linode gave a server no public IPv4 address.");
  return address;
}

/** The address of a server's interface in the VPC. */
function privateAddress(interfaces: readonly { readonly ipv4: { readonly vpc: string } }[] = []): string {
  const address = interfaces[privateInterface]?.ipv4.vpc;
  if (address === undefined) throw new pulumi.RunError("Linode gave a server no address in its VPC.");
  return address;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** A rule as Linode writes it; one with more sources than Linode takes becomes several. */
function inbounds(rule: FirewallRule) {
  const parts = Math.max(1, Math.ceil(rule.sources.length / mostSources));
  return Array.from({ length: parts }, (_, part) =>
    inbound({ ...rule, sources: rule.sources.slice(part * mostSources, (part + 1) * mostSources) }),
  );
}

function inbound({ protocol, ports, sources, description }: FirewallRule) {
  const range = ports && portText(ports, "-");
  const ipv4s = sources.filter((source) => !isIpv6(source)).map(sourceRange);
  const ipv6s = sources.filter(isIpv6).map(sourceRange);
  return {
    label: ["accept", protocol, ...(range === undefined ? [] : [range])].join("-"),
    description: description.slice(0, longestDescription),
    action: "ACCEPT",
    protocol: protocol === "ipip" ? "IPENCAP" : protocol.toUpperCase(),
    ...(range !== undefined && { ports: range }),
    ...(ipv4s.length > 0 && { ipv4s }),
    ...(ipv6s.length > 0 && { ipv6s }),
  };
}
