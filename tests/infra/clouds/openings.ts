/** A resource as a cloud was asked for it. */
export interface AskedResource {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** As {@link AskedResource}, with the id that it got. */
export type MadeResource = AskedResource & { readonly id: string };

/** What a resource lets in; ports are empty for protocols that have none. */
export interface Opening {
  readonly protocol: string;
  readonly ports: string;
  readonly sources: readonly string[];
}

type Inputs = Readonly<Record<string, unknown>>;

/** How each cloud writes what a firewall, or one rule of it, lets in. */
const readers: Readonly<Record<string, (inputs: Inputs) => readonly Opening[]>> = {
  "hcloud:index/firewall:Firewall": ({ rules }) =>
    records(rules).map(({ protocol, port, sourceIps }) => opening(protocol, port, sourceIps)),
  "digitalocean:index/firewall:Firewall": ({ inboundRules }) =>
    records(inboundRules).map(({ protocol, portRange, sourceAddresses }) =>
      opening(protocol, portRange, sourceAddresses),
    ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ({
    ipProtocol,
    fromPort,
    toPort,
    cidrIpv4,
    cidrIpv6,
  }) => {
    const ports = fromPort === toPort ? fromPort : `${String(fromPort)}-${String(toPort)}`;
    return [opening(ipProtocol, fromPort === -1 ? "" : ports, [cidrIpv4 ?? cidrIpv6])];
  },
  "vultr:index/firewallRule:FirewallRule": ({ protocol, port, subnet, subnetSize }) => [
    opening(protocol, port, [`${String(subnet)}/${String(subnetSize)}`]),
  ],
  "linode:index/firewall:Firewall": ({ inbounds }) =>
    records(inbounds).map(({ protocol, ports, ipv4s, ipv6s }) =>
      opening(protocol, ports, [...list(ipv4s), ...list(ipv6s)]),
    ),
  "scaleway:instance/securityGroup:SecurityGroup": ({ inboundRules }) =>
    records(inboundRules).map(({ protocol, ipRange, port, portRange }) =>
      opening(protocol, port ?? portRange, [ipRange]),
    ),
};

/** What a resource lets in; nothing when it is no firewall. */
export function openingsOf({ type, inputs }: AskedResource): readonly Opening[] {
  return readers[type]?.(inputs) ?? [];
}

function opening(protocol: unknown, ports: unknown, sources: unknown): Opening {
  return {
    protocol: String(protocol).toLowerCase(),
    ports: portsText(ports),
    sources: list(sources).map(String),
  };
}

/** A port, or two with a hyphen. */
function portsText(ports: unknown): string {
  if (typeof ports === "number") return String(ports);
  return typeof ports === "string" ? ports.replace(":", "-") : "";
}

/** How each cloud puts a firewall, or one rule of it, before a server. */
const guards: Readonly<
  Record<string, (server: Inputs, firewall: MadeResource, all: readonly MadeResource[]) => boolean>
> = {
  "hcloud:index/server:Server": ({ firewallIds, labels }, firewall, all) =>
    list(firewallIds).map(String).includes(firewall.id) ||
    all.some(
      ({ type, inputs }) =>
        type === "hcloud:index/firewallAttachment:FirewallAttachment" &&
        String(inputs.firewallId) === firewall.id &&
        list(inputs.labelSelectors).some((selector) => selects(String(selector), labels as Inputs)),
    ),
  "digitalocean:index/droplet:Droplet": ({ tags }, { inputs }) =>
    list(inputs.tags).some((tag) => list(tags).includes(tag)),
  "aws:ec2/instance:Instance": ({ vpcSecurityGroupIds }, { inputs }) =>
    list(vpcSecurityGroupIds).includes(inputs.securityGroupId),
  "vultr:index/instance:Instance": ({ firewallGroupId }, { inputs }) =>
    firewallGroupId === inputs.firewallGroupId,
  "linode:index/instance:Instance": ({ firewallId }, { id }) => String(firewallId) === id,
  "scaleway:instance/server:Server": ({ securityGroupId }, { id }) => securityGroupId === id,
};

/** What comes in at a server, by all firewalls before it. */
export function openingsAt(server: AskedResource, all: readonly MadeResource[]): readonly Opening[] {
  const isGuard = guards[server.type];
  if (!isGuard) throw new Error(`${server.type} is not known as a server.`);
  const [cloud] = server.type.split(":");
  return all
    .filter((resource) => resource.type.startsWith(`${cloud ?? ""}:`))
    .filter((resource) => openingsOf(resource).length > 0 && isGuard(server.inputs, resource, all))
    .flatMap(openingsOf);
}

/** Whether a resource is a server. */
export function isServer({ type }: AskedResource): boolean {
  return Object.hasOwn(guards, type);
}

function selects(selector: string, labels: Inputs): boolean {
  return selector.split(",").every((term) => {
    const [key = "", value] = term.split("=");
    return labels[key] === value;
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function records(value: unknown): readonly Inputs[] {
  return list(value) as readonly Inputs[];
}
