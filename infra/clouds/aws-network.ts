import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones.js";
import type * as pulumi from "@pulumi/pulumi";
import ipaddr from "ipaddr.js";
import { zoneOfAddress, zoneRanges } from "./aws-zones.ts";

/** What the network of one region is told. */
export interface AwsNetworkArgs {
  readonly region: string;
  readonly privateCidr: string;
  /** Private addresses of the servers: subnets that hold none of them are not made. */
  readonly addresses: readonly string[];
  /** Tags of a resource with this name. */
  readonly tags: (name: string) => Record<string, string>;
}

/** A VPC with a public subnet in each zone that has servers, and the way out of it. */
export interface AwsNetwork {
  readonly vpc: Vpc;
  /** The subnet that holds a private address. */
  readonly subnetOf: (address: string) => Subnet;
  /** What a server needs to reach the Internet when it boots. */
  readonly routes: readonly pulumi.Resource[];
}

/** Makes the network of one region, IPv4 and IPv6. */
export function makeAwsNetwork(name: string, args: AwsNetworkArgs, parent: pulumi.Resource): AwsNetwork {
  const { region, privateCidr, addresses, tags } = args;
  const vpc = new Vpc(
    `${name}-network`,
    {
      region,
      cidrBlock: privateCidr,
      assignGeneratedIpv6CidrBlock: true,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: tags(name),
    },
    { parent },
  );
  const { table, routes } = makeRoutes(name, args, vpc, parent);
  const zones = findZones(region, parent);
  const used = new Set(addresses.map((address) => zoneOfAddress(privateCidr, address)));
  const subnets = new Map(
    [...used].map((index) => [index, makeSubnet(name, index, zones, vpc, args, parent)]),
  );
  const associations = [...subnets].map(
    ([index, subnet]) =>
      new RouteTableAssociation(
        subnetName(name, index),
        { region, subnetId: subnet.id, routeTableId: table.id },
        { parent },
      ),
  );
  const subnetOf = (address: string) => {
    const subnet = subnets.get(zoneOfAddress(privateCidr, address));
    if (!subnet) throw new RangeError(`No subnet was made for ${address}.`);
    return subnet;
  };
  return { vpc, subnetOf, routes: [...routes, ...associations] };
}

function makeRoutes(name: string, { region, tags }: AwsNetworkArgs, vpc: Vpc, parent: pulumi.Resource) {
  const common = { region, vpcId: vpc.id, tags: tags(name) };
  const gateway = new InternetGateway(`${name}-gateway`, common, { parent });
  const table = new RouteTable(`${name}-routes`, common, { parent });
  const out = { region, routeTableId: table.id, gatewayId: gateway.id };
  const routes = [
    new Route(`${name}-ipv4`, { ...out, destinationCidrBlock: "0.0.0.0/0" }, { parent }),
    new Route(`${name}-ipv6`, { ...out, destinationIpv6CidrBlock: "::/0" }, { parent }),
  ];
  return { table, routes };
}

/** The region's own zones in alphabetical order; zones that one must opt in to, such as Local Zones, are left out. */
function findZones(region: string, parent: pulumi.Resource): pulumi.Output<readonly string[]> {
  const filters = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
  return getAvailabilityZonesOutput({ region, filters }, { parent }).apply(({ names }) => [...names].sort());
}

function makeSubnet(
  name: string,
  index: number,
  zones: pulumi.Output<readonly string[]>,
  vpc: Vpc,
  { region, privateCidr, tags }: AwsNetworkArgs,
  parent: pulumi.Resource,
): Subnet {
  return new Subnet(
    subnetName(name, index),
    {
      region,
      vpcId: vpc.id,
      availabilityZone: zones.apply((names) => zoneName(names, index)),
      cidrBlock: zoneRanges(privateCidr)[index] ?? privateCidr,
      ipv6CidrBlock: vpc.ipv6CidrBlock.apply((range) => ipv6Subnet(range, index)),
      assignIpv6AddressOnCreation: true,
      tags: tags(subnetName(name, index)),
    },
    // A zone that opens or closes moves no subnet that exists.
    { parent, ignoreChanges: ["availabilityZone"] },
  );
}

function subnetName(name: string, index: number): string {
  return `${name}-${index + 1}`;
}

/** Three zones at most, in turn; some regions give an account two. */
function zoneName(names: readonly string[], index: number): string {
  const name = names[index % Math.min(names.length, 3)];
  if (name === undefined) throw new RangeError("The region has no availability zone.");
  return name;
}

/** The n-th /64 of the /56 that AWS gives to a VPC. */
export function ipv6Subnet(range: string, index: number): string {
  const bytes = ipaddr.IPv6.networkAddressFromCIDR(range).toByteArray();
  bytes[7] = (bytes[7] ?? 0) + index;
  return `${new ipaddr.IPv6(bytes).toString()}/64`;
}
