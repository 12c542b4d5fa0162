import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { parseConfiguration } from "../../../config/index.ts";
import { systems } from "../../config/systems-table.ts";
import { apiCallers } from "../../../infra/api-access.ts";
import { firewallRules } from "../../../infra/bootstrap/firewall-rules.ts";
import type { Cloud, CloudArgs, ServerNode } from "../../../infra/clouds/cloud.ts";
import { planNodes } from "../../../infra/nodes.ts";
import { planNetworks } from "../../../infra/private-networks.ts";
import { PublicAddresses } from "../../../infra/public-addresses.ts";

/** A resource that a cloud's component registered. */
export interface CloudResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: CloudOptions;
}

/** Those options of a resource that decide about its life. */
export interface CloudOptions {
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** The arguments of a component, and whence its firewalls take the servers' addresses. */
export type PlannedCloud = CloudArgs & { readonly publicAddresses: PublicAddresses };

/** Everything that was registered, and the addresses of the servers by node. */
export interface CloudRun {
  readonly resources: readonly CloudResource[];
  readonly addresses: Readonly<Record<string, { readonly publicIpv4: string; readonly privateIpv4: string }>>;
}

/** A component's class, as the files of infra/clouds export it. */
export type CloudClass = new (
  name: string,
  args: CloudArgs,
  options?: pulumi.ComponentResourceOptions,
) => Cloud;

/** What a provider would compute: outputs by type of the resource, and answers by token of the function. */
export interface ProviderAnswers {
  readonly outputs?: (type: string, name: string) => Readonly<Record<string, unknown>>;
  readonly functions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The public address that a cloud gives to a node here, another one for each; from the range for benchmarks (RFC 2544). */
export function publicAddressOf(resource: string): string {
  const [third = 0, last = 0] = createHash("sha256")
    .update(resource.replace(/-address$/, ""))
    .digest();
  return `198.18.${third}.${last}`;
}

/** The private address that a cloud chooses for a node here; from the other half of the range for benchmarks. */
export function privateAddressOf(node: string): string {
  return publicAddressOf(node).replace("198.18.", "198.19.");
}

/** What clouds tell of private addresses: the one that was asked for, or the one that they chose. */
export function privateOutputs(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const chosen = privateAddressOf(name.replace(/-(network|private-address)$/, ""));
  switch (type) {
    case "hcloud:index/serverNetwork:ServerNetwork":
      return { ip: inputs.ip ?? chosen };
    case "aws:ec2/instance:Instance":
      return { privateIp: inputs.privateIp ?? chosen };
    case "scaleway:ipam/ip:Ip":
      return { address: inputs.address ?? chosen };
    case "linode:index/instance:Instance":
      return {
        interfaces: (inputs.interfaces as { ipv4?: object }[]).map((one) => ({
          ...one,
          ipv4: one.ipv4 ?? { vpc: chosen },
        })),
      };
    default:
      return {};
  }
}

/** The cluster's own public key, and another one. */
export const sshKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${"I".repeat(42)}`;
export const otherSshKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${"J".repeat(42)}`;

/** What a test changes of a cluster: the rest of its configuration is always the same. */
export interface Edits {
  readonly userData?: string;
  readonly sshKey?: string;
  readonly protect?: boolean;
}

/**
 * The arguments of a cluster's component, planned as the program does it, for pools that stand in one region.
 *
 * @param pools the section `uap:pools`
 */
export function cloudArgs(
  pools: readonly Readonly<Record<string, unknown>>[],
  edits: Edits = {},
): PlannedCloud {
  const configuration = parseConfiguration(
    {
      domain: "example.org",
      cluster: { kind: "k3s", network: "wireguard" },
      pools,
      access: { operatorCidrs: ["203.0.113.7/32", "2001:db8:7::/48"] },
      acme: { email: "ops@example.org" },
      dns: { provider: "none" },
    },
    systems,
    { stack: "hc1" },
  );
  const [network] = planNetworks(configuration);
  const { userData = "#cloud-config\n", protect = true } = edits;
  const privateCidr = network?.cidr ?? "10.20.0.0/24";
  const { access, cluster } = configuration;
  const nodes = planNodes(configuration) as ServerNode[];
  const publicAddresses = new PublicAddresses();
  const callers = apiCallers({ network: "wireguard" }, nodes, (node) => publicAddresses.of(node));
  return {
    cluster: cluster.name,
    privateCidr,
    nodes,
    firewall: firewallRules({ network: "wireguard", access, privateCidr, apiCallers: callers }),
    publicAddresses,
    userData: (node) => pulumi.secret(`${userData}# ${node.name}\n`),
    sshKey: edits.sshKey ?? sshKey,
    protect,
  };
}

/** Creates a cloud's component without an engine and collects what it registers. */
export async function runCloud(
  Component: CloudClass,
  args: PlannedCloud,
  { outputs = () => ({}), functions = {} }: ProviderAnswers = {},
): Promise<CloudRun> {
  const options = new Map<string, CloudOptions>();
  const made: pulumi.Resource[] = [];
  const resources: Omit<CloudResource, "options">[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const properties = inputs as Record<string, unknown>;
        resources.push({ type, name, inputs: plain(properties) });
        return {
          id: idOf(`${type} ${name}`),
          state: { ...properties, ...outputs(type, name), ...privateOutputs(type, name, properties) },
        };
      },
      call: ({ token }) => functions[token] ?? {},
    },
    "uap",
    "hc1",
    false,
  );
  const transforms = [
    ({ resource, type, name, opts }: pulumi.ResourceTransformationArgs) => {
      made.push(resource);
      options.set(`${type} ${name}`, optionsOf(opts));
      return undefined;
    },
  ];
  const [node] = args.nodes;
  const cloud = new Component(node?.pool.cloud ?? "cloud", args, { transformations: transforms });
  args.publicAddresses.tell(cloud.servers);
  // Never, if a server waited for a firewall that waits for its address.
  await resolved(made.map(({ urn }) => urn));
  const addresses = await resolved(
    Object.fromEntries(
      cloud.servers.map(({ node: { name }, publicIpv4, privateIpv4 }) => [name, { publicIpv4, privateIpv4 }]),
    ),
  );
  await pulumi.runtime.disconnect();
  return {
    addresses,
    resources: resources
      .filter(({ type }) => !type.startsWith("uap:"))
      .map((resource) => ({ ...resource, options: optionsFor(resource, options) })),
  };
}

/** The resources of one type, by the last part of it and in the order of names. @example resourcesOf(run, "Server") */
export function resourcesOf({ resources }: CloudRun, kind: string): readonly CloudResource[] {
  return resources
    .filter(({ type }) => type.endsWith(`:${kind}`))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The resource graph as text, in the order of names: what the kept snapshots hold. */
export function graphText({ resources, addresses }: CloudRun): string {
  const sorted = [...resources].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  return `${JSON.stringify({ resources: sorted, addresses }, undefined, 2)}\n`;
}

/** Inputs by type and name. */
export function inputsByName({ resources }: CloudRun): ReadonlyMap<string, string> {
  return new Map(resources.map((resource) => [keyOf(resource), JSON.stringify(resource.inputs)]));
}

/** A number, since some clouds' ids are, that follows from the resource alone. */
export function idOf(resource: string): string {
  return String(createHash("sha256").update(resource).digest().readUInt32BE(0));
}

/** Type and name. */
export function keyOf({ type, name }: Pick<CloudResource, "type" | "name">): string {
  return `${type} ${name}`;
}

function optionsFor(
  resource: Pick<CloudResource, "type" | "name">,
  options: ReadonlyMap<string, CloudOptions>,
): CloudOptions {
  const found = options.get(keyOf(resource));
  if (!found) throw new Error(`${keyOf(resource)} does not have the component as its parent.`);
  return found;
}

function optionsOf(options: pulumi.CustomResourceOptions): CloudOptions {
  return {
    protect: options.protect === true,
    ignoreChanges: options.ignoreChanges ?? [],
    replaceOnChanges: options.replaceOnChanges ?? [],
    deleteBeforeReplace: options.deleteBeforeReplace ?? false,
  };
}

const secretKey = "4dabf18193072939515e22adb298388d";

/** Unwraps secrets: to be compared, and to be held against the SDK's types. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "object" && part !== null && secretKey in part && "value" in part ? part.value : part,
  ) as Value;
}

function resolved<Value>(value: pulumi.Input<Value>): Promise<pulumi.Unwrap<Value>> {
  return new Promise((resolve) => {
    pulumi.output(value).apply((known) => {
      resolve(known);
    });
  });
}
