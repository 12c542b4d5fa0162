import { FirewallGroup } from "@ediri/vultr/firewallGroup.js";
import { FirewallRule as VultrFirewallRule } from "@ediri/vultr/firewallRule.js";
import { getOs } from "@ediri/vultr/getOs.js";
import { Instance } from "@ediri/vultr/instance.js";
import { SSHKey } from "@ediri/vultr/sshkey.js";
import { Vpc } from "@ediri/vultr/vpc.js";
import * as pulumi from "@pulumi/pulumi";
import { isIpv6, sourceName, type FirewallRule, type FirewallSource } from "../firewall.ts";
import { requireAmd64 } from "./architecture.ts";
import type { Cloud, CloudArgs, CloudServer, ServerNode } from "./cloud.ts";
import { cloudName, serverTags } from "./cloud-names.ts";
import { firewallKind, firewallKinds, portText, rulesFor, type FirewallKind } from "./node-firewall.ts";
import { regionOf } from "./region.ts";
import { checkRuleQuota } from "./rule-quota.ts";
import { makeServers, serverOptions } from "./server-options.ts";
import { ubuntu } from "./ubuntu.ts";

/** Longest description that Vultr shows whole. */
const longestName = 63;

/** Rules that a firewall group takes, as the API tells by its `max_rule_count`. */
const mostRules = 50;

/** What the API reads only when it creates a server. */
const creationOnly = ["userData", "osId", "sshKeyIds", "hostname"];

/** What the servers of one region share. */
interface Shared {
  readonly network: Vpc;
  readonly firewalls: ReadonlyMap<FirewallKind, FirewallGroup>;
  readonly system: pulumi.Output<number>;
}

/**
 * Servers at Vultr in one region, with a VPC, firewall groups and an SSH key.
 *
 * A server has one firewall group, which guards its public interface only, so there is a group for each kind of node. Vultr gives the private
 * addresses itself.
 */
export class Vultr extends pulumi.ComponentResource implements Cloud {
  readonly servers: readonly CloudServer[];
  readonly registeredKey: pulumi.CustomResource;
  readonly #name: string;
  readonly #args: CloudArgs;

  constructor(name: string, args: CloudArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:Vultr", name, {}, options);
    this.#name = name;
    this.#args = args;
    requireAmd64("Vultr", args.nodes);
    for (const [kind, node] of firewallKinds(args.nodes)) {
      const rules = openingsFor(rulesFor(args.firewall, node)).size;
      checkRuleQuota("Vultr", `firewall group of the kind ${kind}`, { rules, most: mostRules });
    }
    this.registeredKey = args.registeredKey ?? this.#registerKey();
    const shared: Shared = {
      network: this.#makeNetwork(),
      firewalls: this.#makeFirewalls(),
      system: this.#findSystem(),
    };
    this.servers = makeServers(args.nodes, (node, after) => this.#makeServer(node, shared, after));
    this.registerOutputs();
  }

  #makeNetwork(): Vpc {
    const [subnet = "", length = ""] = this.#args.privateCidr.split("/");
    return new Vpc(
      `${this.#name}-network`,
      {
        region: regionOf(this.#args.nodes),
        description: cloudName(longestName, this.#args.cluster, this.#name),
        v4Subnet: subnet,
        v4SubnetMask: Number(length),
      },
      { parent: this },
    );
  }

  #registerKey(): SSHKey {
    const { cluster, sshKey } = this.#args;
    const name = cloudName(longestName, cluster);
    return new SSHKey(`${this.#name}-ssh-key`, { name, sshKey }, { parent: this });
  }

  #makeFirewalls(): ReadonlyMap<FirewallKind, FirewallGroup> {
    return new Map(
      [...firewallKinds(this.#args.nodes)].map(([kind, node]) => {
        const group = new FirewallGroup(
          `${this.#name}-firewall-${kind}`,
          { description: cloudName(longestName, this.#args.cluster, this.#name, kind) },
          { parent: this },
        );
        this.#makeRules(kind, rulesFor(this.#args.firewall, node), group);
        return [kind, group];
      }),
    );
  }

  /** One resource a rule and source, named by what it opens: another source is another rule, and the others stay. */
  #makeRules(kind: FirewallKind, rules: readonly FirewallRule[], group: FirewallGroup): void {
    for (const [key, opening] of openingsFor(rules)) {
      new VultrFirewallRule(
        `${this.#name}-firewall-${kind}-${key}`,
        { firewallGroupId: group.id, ...opening },
        { parent: this },
      );
    }
  }

  /** The number of the operating system. */
  #findSystem(): pulumi.Output<number> {
    const name = `Ubuntu ${ubuntu.version} LTS x64`;
    const found = getOs({ filters: [{ name: "name", values: [name] }] }, { parent: this });
    return pulumi.output(found).apply(({ id }) => Number(id));
  }

  #makeServer(node: ServerNode, shared: Shared, after: readonly pulumi.Resource[]) {
    const firewall = shared.firewalls.get(firewallKind(node));
    const server = new Instance(
      node.name,
      {
        region: node.pool.region,
        plan: node.pool.type,
        osId: shared.system,
        label: node.name,
        hostname: node.name,
        tags: serverTags(this.#args.cluster, node),
        vpcIds: [shared.network.id],
        sshKeyIds: [this.registeredKey.id],
        // In clear: the provider encodes it as the API wants it.
        userData: this.#args.userData(node),
        activationEmail: false,
        ...(firewall && { firewallGroupId: firewall.id }),
      },
      { ...serverOptions(this, this.#args, node, creationOnly), dependsOn: [...after] },
    );
    return {
      resource: server,
      made: { node, publicIpv4: server.mainIp, privateIpv4: server.internalIp },
    };
  }
}

/** What rules open, by name. Neighbours meet at their private interfaces, which no firewall guards: IP in IP needs none. */
function openingsFor(rules: readonly FirewallRule[]) {
  const openings = rules
    .filter(({ protocol }) => protocol !== "ipip")
    .flatMap((rule) => rule.sources.map((source) => openingOf(rule, source)));
  return new Map(openings);
}

/** A rule for one source as Vultr has it, with a name that follows from what it opens. */
function openingOf({ protocol, ports, description }: FirewallRule, source: FirewallSource) {
  const port = ports && portText(ports, ":");
  const key = [protocol, ...(port === undefined ? [] : [port]), sourceName(source)].join("-");
  return [
    key,
    {
      protocol,
      ipType: isIpv6(source) ? "v6" : "v4",
      ...subnetOf(source),
      notes: description,
      ...(port !== undefined && { port }),
    },
  ] as const;
}

function subnetOf(source: FirewallSource): { subnet: pulumi.Input<string>; subnetSize: number } {
  if (typeof source !== "string") return { subnet: source.address, subnetSize: 32 };
  const [subnet = "", length = ""] = source.split("/");
  return { subnet, subnetSize: Number(length) };
}
