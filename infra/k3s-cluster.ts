import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/index.ts";
import type { K3sCluster as K3sSettings } from "../config/sections/cluster.ts";
import { apiCallers, controlPlanesOf } from "./api-access.ts";
import { apiHostOf, clusterBootstrap } from "./bootstrap/cluster-bootstrap.ts";
import { cloudControllerBootstrap } from "./bootstrap/cloud-controller.ts";
import { cloudInit } from "./bootstrap/cloud-init.ts";
import { volumeFolderOf } from "./bootstrap/data-volume.ts";
import { firewallRules } from "./bootstrap/firewall-rules.ts";
import type { ClusterBootstrap } from "./bootstrap/node-bootstrap.ts";
import { joinScript, noCloudSeed } from "./bootstrap/on-prem.ts";
import { packagesOfSystemsIn } from "./bootstrap/node-packages.ts";
import { unwantedComponents } from "./bootstrap/packaged-components.ts";
import { ClusterPki } from "./bootstrap/pki.ts";
import { publicPortsOf } from "./bootstrap/public-ports.ts";
import type { Cloud, CloudServer, ServerNode } from "./clouds/cloud.ts";
import { createCloud } from "./clouds/index.ts";
import { OnPrem, type OnPremMachine, type OnPremNode } from "./clouds/on-prem.ts";
import { placeOf } from "./clouds/place.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { ClusterDns } from "./dns/dns.ts";
import { dnsRecords } from "./dns/records.ts";
import { planNodes } from "./nodes.ts";
import { planNetworks, type PrivateNetwork } from "./private-networks.ts";
import { PublicAddresses } from "./public-addresses.ts";
import { siteAddresses } from "./site-addresses.ts";

/** The systems that are on, by name: k3s brings some of them along, which it is told to leave out when they are off. */
export interface PlatformSystems {
  readonly systems: Readonly<Record<string, unknown>>;
}

/** What a k3s cluster is made from. */
export type K3sClusterSettings = Omit<Configuration, "cluster" | "platform"> & {
  readonly cluster: K3sSettings;
  readonly platform: PlatformSystems;
};

/**
 * A k3s cluster from nothing: keys, servers at every cloud with network and firewall, machines of one's own, DNS records.
 * Nobody logs in anywhere: servers boot from their user-data, and the kubeconfig follows from the keys.
 */
export class K3sCluster extends pulumi.ComponentResource {
  /** The way in for an administrator; secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The private key that the servers let in; secret. Undefined where there are none. */
  readonly sshKey: pulumi.Output<string> | undefined;
  readonly nodes: readonly ClusterNode[];
  readonly servers: readonly CloudServer[];
  readonly machines: readonly OnPremMachine[];
  readonly dns: ClusterDns;
  readonly #settings: K3sClusterSettings;
  readonly #pki: ClusterPki;
  readonly #publicAddresses = new PublicAddresses();

  constructor(settings: K3sClusterSettings, options?: pulumi.ComponentResourceOptions) {
    const { cluster, domain } = settings;
    super("uap:infra:K3sCluster", cluster.name, {}, options);
    this.#settings = settings;
    this.nodes = planNodes(settings);
    this.#pki = new ClusterPki({ cluster: cluster.name, apiHost: apiHostOf(settings) }, { parent: this });
    this.servers = this.#createServers(planNetworks(settings));
    this.#publicAddresses.tell(this.servers);
    const onPrem = this.#declareMachines();
    this.machines = onPrem.machines;
    const addressed = [...this.servers, ...this.machines];
    const records = dnsRecords({ cluster: cluster.name, domain, servers: addressed });
    this.dns = new ClusterDns(cluster.name, { dns: settings.dns, records }, { parent: this });
    this.kubeconfig = this.#pki.kubeconfig;
    this.sshKey = this.servers.length > 0 ? this.#pki.sshKey.privateKey : undefined;
    this.registerOutputs({ kubeconfig: this.kubeconfig });
  }

  /** One component for each private network; those of one cloud share the account, which takes the cluster's SSH key once. */
  #createServers(networks: readonly PrivateNetwork[]): CloudServer[] {
    const made = new Map<string, Cloud>();
    return networks.flatMap((network) => {
      const first = made.get(network.cloud);
      const cloud = this.#createCloud(network, first);
      if (!first) made.set(network.cloud, cloud);
      return cloud.servers;
    });
  }

  #createCloud(network: PrivateNetwork, first: Cloud | undefined): Cloud {
    const { cluster, access, platform, protect } = this.#settings;
    const { cloud, place, cidr } = network;
    const callers = apiCallers(cluster, this.nodes, (node) => this.#publicAddresses.of(node));
    return createCloud(
      cloud,
      `${cloud}-${place}`,
      {
        cluster: cluster.name,
        privateCidr: cidr,
        nodes: this.nodes
          .filter(isServer)
          .filter(({ pool }) => pool.cloud === cloud && placeOf(pool) === place),
        firewall: firewallRules({
          network: cluster.network,
          access,
          privateCidr: cidr,
          apiCallers: callers,
          publicPorts: publicPortsOf(platform.systems),
        }),
        userData: (node) => this.#userData(node, network),
        sshKey: this.#pki.sshKey.publicKey,
        ...(first?.registeredKey && { registeredKey: first.registeredKey }),
        protect,
      },
      { parent: this },
    );
  }

  #declareMachines(): OnPrem {
    const { cluster, pools } = this.#settings;
    return new OnPrem(
      cluster.name,
      {
        nodes: this.nodes.filter(isOnPrem),
        files: (node) => this.#seed(node),
        addresses: siteAddresses(pools),
      },
      { parent: this },
    );
  }

  /** What the nodes of one private network are told, or the machines on-premises; secret. */
  #bootstrap(privateNetwork?: PrivateNetwork): ClusterBootstrap {
    const { network, platform, storage } = this.#settings;
    const { cloudController, replaced } = cloudControllerBootstrap(platform.systems);
    return clusterBootstrap(this.#settings, {
      controlPlanes: controlPlanesOf(this.nodes, privateNetwork),
      privateCidr: privateNetwork?.cidr ?? network.privateCidr,
      packages: packagesOfSystemsIn(platform.systems),
      disabled: [...unwantedComponents(platform.systems), ...replaced],
      ...(cloudController && { cloudController }),
      volumeFolder: volumeFolderOf(storage),
    });
  }

  /** The operators' keys come this way at every cloud: an account may have them already, under another name, and take no key twice. */
  #userData(node: ServerNode, network: PrivateNetwork): pulumi.Output<string> {
    const cluster = this.#bootstrap(network);
    const { sshKeys } = this.#settings.access;
    return pulumi.secret(
      this.#pki.identity.apply((identity) => cloudInit({ node, cluster }, identity, sshKeys)),
    );
  }

  #seed(node: OnPremNode) {
    const cluster = this.#bootstrap();
    const { sshKeys } = this.#settings.access;
    return this.#pki.identity.apply((identity) => ({
      ...noCloudSeed({ node, cluster }, identity, sshKeys),
      "join.sh": joinScript({ node, cluster }, identity),
    }));
  }
}

function isServer(node: ClusterNode): node is ServerNode {
  return node.pool.cloud !== "on-prem";
}

function isOnPrem(node: ClusterNode): node is OnPremNode {
  return node.pool.cloud === "on-prem";
}
