import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { SubnetCidrReservation } from "@pulumi/aws/ec2/subnetCidrReservation.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones.js";
import type * as pulumi from "@pulumi/pulumi";
import ipaddr from "ipaddr.js";
import type { Cidr } from "../../config/addresses.ts";
import { plannedRange } from "../planned-addresses.ts";
import { zoneInTurn, zoneRanges } from "./aws-zones.ts";

/** What the network of one region is told. */
export interface AwsNetworkArgs {
  readonly region: string;
  readonly privateCidr: Cidr;
  /** The subnets that servers are in, by their place among the zones: the others are not made. */
  readonly subnets: readonly number[];
  /** Tags of a resource with this name. */
  readonly tags: (name: string) => Record<string, string>;
}

/** A VPC with a public subnet in each zone that has servers, and the way out of it. */
export interface AwsNetwork {
  readonly vpc: Vpc;
  /** The subnet at a place among the zones. */
  readonly subnetOf: (index: number) => Subnet;
  /** What is there before the first server: its way to the Internet, and the ranges from which AWS gives it no address. */
  readonly prerequisites: readonly pulumi.Resource[];
}

/** Makes the network of one region, IPv4 and IPv6. */
export function makeAwsNetwork(name: string, args: AwsNetworkArgs, parent: pulumi.Resource): AwsNetwork {
  const { region, privateCidr, tags } = args;
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
  const subnets = new Map(
    [...new Set(args.subnets)].map((index) => [index, makeSubnet(name, index, zones, vpc, args, parent)]),
  );
  const associations = [...subnets].map(
    ([index, subnet]) =>
      new RouteTableAssociation(
        subnetName(name, index),
        { region, subnetId: subnet.id, routeTableId: table.id },
        { parent },
      ),
  );
  const reservations = [...subnets].map(([index, subnet]) => reserve(name, index, subnet, args, parent));
  const subnetOf = (index: number) => {
    const subnet = subnets.get(index);
    if (!subnet) throw new RangeError(`No subnet was made at the place ${index}.`);
    return subnet;
  };
  return { vpc, subnetOf, prerequisites: [...routes, ...associations, ...reservations] };
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

/** AWS chooses addresses anywhere in a subnet: those that are planned for control planes are kept from it. */
function reserve(
  name: string,
  index: number,
  subnet: Subnet,
  { region, privateCidr }: AwsNetworkArgs,
  parent: pulumi.Resource,
): SubnetCidrReservation {
  return new SubnetCidrReservation(
    subnetName(name, index),
    {
      region,
      subnetId: subnet.id,
      cidrBlock: plannedRange(zoneRanges(privateCidr)[index] ?? privateCidr),
      reservationType: "explicit",
      description: "Planned addresses of control planes",
    },
    { parent },
  );
}

function subnetName(name: string, index: number): string {
  return `${name}-${index + 1}`;
}

/** The zone that a subnet is in. */
function zoneName(names: readonly string[], index: number): string {
  const name = zoneInTurn(names, index);
  if (name === undefined) throw new RangeError("The region has no availability zone.");
  return name;
}

/** The n-th /64 of the /56 that AWS gives to a VPC. */
export function ipv6Subnet(range: string, index: number): string {
  const bytes = ipaddr.IPv6.networkAddressFromCIDR(range).toByteArray();
  bytes[7] = (bytes[7] ?? 0) + index;
  return `${new ipaddr.IPv6(bytes).toString()}/64`;
}
