/** Simulated clouds without their service, and machines in them: for what depends on nothing else. */
import type { ClusterIdentity } from "../../../infra/bootstrap/node-bootstrap.ts";
import { cloudInit } from "../../../infra/bootstrap/cloud-init.ts";
import { bootOf } from "../../../rehearsal/clouds/boot.ts";
import { serversOf, type CloudResource, type SimulatedCloud } from "../../../rehearsal/clouds/index.ts";
import { nothing, type CloudsState, type Values } from "../../../rehearsal/clouds/inventory.ts";
import { create } from "../../../rehearsal/clouds/operations.ts";
import type { Machine } from "../../../rehearsal/machines/machine.ts";
import { joinObstacle, planOf } from "../../../rehearsal/machines/obstacles.ts";
import { bootstrapOf, type Wish } from "../../infra/bootstrap/nodes.ts";

/** What comes in: protocol, port, and the ranges that may. */
export type Opening = readonly [protocol: "tcp" | "udp", port: number, sources: readonly string[]];

/** Everybody. */
export const world = ["0.0.0.0/0"];

const hardware = { milliCpu: 2000, memory: 4 * 2 ** 30, disk: 40e9, arch: "amd64" } as const;

/** The user-data of a node, as the program makes it. */
export function userDataOf(identity: ClusterIdentity, wish: Wish): string {
  return cloudInit(bootstrapOf(wish), identity);
}

/** Clouds as a test fills them. */
export class Scene {
  #state: CloudsState = nothing;
  #hetznerNetwork: CloudResource | undefined;
  #vpc: CloudResource | undefined;

  get state(): CloudsState {
    return this.#state;
  }

  order(cloud: SimulatedCloud, kind: string, inputs: Values): CloudResource {
    const made = create(this.#state, { cloud, kind, urn: "", inputs }, { folder: "/scene", quota: {} });
    this.#state = made.state;
    return made.resource;
  }

  /** A server at Hetzner, in a private network when it is to have an address there. */
  hetzner(name: string, userData: string, privateAddress?: string): Machine {
    const networks =
      privateAddress === undefined ? [] : [{ networkId: Number(this.#network().id), ip: privateAddress }];
    const location = { serverType: "cpx32", image: "ubuntu-24.04", location: "nbg1" };
    return this.#machine(this.order("hcloud", "server", { name, ...location, userData, networks }));
  }

  /** A droplet at DigitalOcean, in a VPC. */
  digitalocean(name: string, userData: string): Machine {
    this.#vpc ??= this.order("digitalocean", "vpc", {
      name: "vpc",
      region: "fra1",
      ipRange: "10.20.0.0/24",
    });
    const place = { size: "s-2vcpu-4gb", image: "ubuntu-24-04-x64", region: "fra1", vpcUuid: this.#vpc.id };
    return this.#machine(this.order("digitalocean", "droplet", { name, ...place, userData }));
  }

  /** Puts a firewall before a server. */
  guard({ name, place }: Machine, ...openings: readonly Opening[]): void {
    if (place.kind === "site") throw new Error("Clouds have no firewall there.");
    const { cloud, id } = place.server.resource;
    if (cloud === "hcloud") {
      const rules = openings.map(([protocol, port, sourceIps]) => ({
        direction: "in",
        protocol,
        port: String(port),
        sourceIps,
      }));
      this.order(cloud, "firewall", { name, rules, applyTos: [{ server: Number(id) }] });
    } else {
      const inboundRules = openings.map(([protocol, port, sourceAddresses]) => ({
        protocol,
        portRange: String(port),
        sourceAddresses,
      }));
      this.order(cloud, "firewall", { name, inboundRules, dropletIds: [Number(id)] });
    }
  }

  /** Lets the API's host lead to addresses. */
  name(name: string, ...addresses: readonly string[]): void {
    const zones = this.#state.resources.filter(({ kind }) => kind === "zone");
    if (zones.length === 0) this.order("hcloud", "zone", { name: "example.org", mode: "primary" });
    const records = addresses.map((value) => ({ value }));
    this.order("hcloud", "zoneRrset", { zone: "example.org", name, type: "A", ttl: 60, records });
  }

  /** What keeps the machine from joining the cluster of control planes, of which the first one has begun it. */
  obstacle(
    machine: Machine,
    controlPlanes: readonly Machine[],
    nodes: readonly string[] = [],
  ): string | undefined {
    const [first] = controlPlanes;
    const plan = first && planOf(first);
    if (plan === undefined || typeof plan === "string") throw new Error(`Nobody begins a cluster: ${plan}`);
    const names = new Set([...controlPlanes.map(({ name }) => name), ...nodes]);
    return joinObstacle(machine, { plan, controlPlanes, nodes: names }, this.#state);
  }

  #network(): CloudResource {
    if (this.#hetznerNetwork) return this.#hetznerNetwork;
    const network = this.order("hcloud", "network", { name: "private", ipRange: "10.20.0.0/16" });
    const zone = { type: "cloud", networkZone: "eu-central", ipRange: "10.20.0.0/24" };
    this.order("hcloud", "networkSubnet", { networkId: Number(network.id), ...zone });
    return (this.#hetznerNetwork = network);
  }

  #machine({ cloud, id }: CloudResource): Machine {
    const server = serversOf(this.#state).find(
      ({ resource }) => resource.cloud === cloud && resource.id === id,
    );
    if (server === undefined) throw new Error("It is no server.");
    return {
      name: server.name,
      identity: `${cloud}/${id}`,
      boot: bootOf(server.userData),
      hardware,
      place: { kind: "cloud", server },
    };
  }
}

/** A machine of one's own. */
export function siteMachine(name: string, userData: string, address: string, gateway?: string): Machine {
  const place = { kind: "site", address, ...(gateway !== undefined && { gateway }) } as const;
  return { name, identity: `own/${name}`, boot: bootOf(userData), hardware, place };
}
