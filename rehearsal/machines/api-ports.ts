import { canReach, type RunningClouds } from "../clouds/index.ts";
import { publicAddressOf, type Machine } from "./machine.ts";
import { PublicPort } from "./public-port.ts";

/** The port of the Kubernetes API, to which kubeconfigs lead. */
const apiPort = 6443;

export interface ApiPortsOptions {
  /** Where the API server really listens, such as `https://127.70.1.2:6443`. */
  readonly server: string;
  readonly clouds: RunningClouds;
  /** Where the person sits who runs the cluster: an address as the Internet sees it. */
  readonly operator: string;
}

/** The API at the public addresses of all control planes: each of them serves it, and its firewall decides to whom. */
export class ApiPorts {
  readonly #options: ApiPortsOptions;
  readonly #ports = new Map<string, PublicPort>();

  constructor(options: ApiPortsOptions) {
    this.#options = options;
  }

  /** Opens what is missing, and closes what nobody serves any more. */
  async keep(controlPlanes: readonly Machine[]): Promise<void> {
    // Nobody can listen here at the address of a real site.
    const servers = controlPlanes.filter(({ place }) => place.kind === "cloud");
    const wanted = new Set(servers.map(publicAddressOf));
    for (const [address, port] of this.#ports) {
      if (wanted.has(address)) continue;
      this.#ports.delete(address);
      await port.close();
    }
    for (const address of wanted) {
      if (!this.#ports.has(address)) this.#ports.set(address, await this.#open(address));
    }
  }

  async close(): Promise<void> {
    await this.keep([]);
  }

  #open(host: string): Promise<PublicPort> {
    const { server, clouds, operator } = this.#options;
    const { hostname, port } = new URL(server);
    return PublicPort.open({
      host,
      port: apiPort,
      target: { host: hostname, port: Number(port) },
      isOpen: () => canReach(operator, host, apiPort, "tcp", clouds.state()).reached,
    });
  }
}
