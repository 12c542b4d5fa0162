import type { types } from "@pulumi/kubernetes";
import type { CloudName } from "../../../config/regions.ts";
import { placeOf } from "../../../infra/clouds/place.ts";
import { placeName } from "../../../infra/clouds/cloud-names.ts";

/** The clouds that have a controller for Kubernetes. */
export const controllerClouds = ["hetzner", "digitalocean", "aws"] as const satisfies CloudName[];
/** A cloud that has one. */
export type ControllerCloud = (typeof controllerClouds)[number];

/** Where the controller finds the cloud's token. */
export const tokenSecret = { name: "cloud-token", key: "token" } as const;

/** Where a configuration file is, for the controllers that want one. */
export const configurationPath = { folder: "/etc/cloud", file: "cloud.conf" } as const;

/** What differs from cloud to cloud. */
export interface CloudProgram {
  readonly args: string[];
  readonly env: types.input.core.v1.EnvVar[];
  /** @default it reads none */
  readonly configuration?: string;
}

/** Where the cluster is, and what its controller is for. */
export interface CloudPlace {
  readonly cluster: string;
  readonly region: string;
  /** Whether Services get load balancers of the cloud; at Hetzner alone. */
  readonly loadBalancers: boolean;
}

/** Tells Nodes their addresses, zone and type, and takes away the taint that they come with. */
const nodeController = "cloud-node-controller";
/** Makes load balancers for Services that ask for one. */
const balancerController = "service-lb-controller";

/**
 * The controllers that run are named one by one, by the names of Kubernetes 1.36 (k8s.io/cloud-provider, names/controller_names.go). Left out is
 * the one that deletes Nodes whose server it does not find: the program itself takes nodes out of the cluster, and a machine that somebody
 * joins by hand stays. Left out are routes too: the pod network is k3s' or Kilo's.
 */
function commonArgs(cloud: string, controllers: readonly string[]): string[] {
  return [
    `--cloud-provider=${cloud}`,
    `--controllers=${controllers.join(",")}`,
    // One controller, on its node's loopback interface.
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    "--webhook-secure-port=0",
    "--authentication-skip-lookup=true",
  ];
}

/** The controller's program at a cloud. */
export function cloudProgram(cloud: ControllerCloud, place: CloudPlace): CloudProgram {
  switch (cloud) {
    case "hetzner":
      return hetznerProgram(place);
    case "digitalocean":
      return digitalOceanProgram(place);
    case "aws":
      return awsProgram(place);
    default:
      return cloud satisfies never;
  }
}

/**
 * hcloud-cloud-controller-manager v1.35.0. Without the network's name, a node would not be told its private address, and would stay closed to
 * pods. Load balancers reach nodes in that network, which Hetzner's firewalls leave alone. They cost money, so only a Service that names a
 * location (`load-balancer.hetzner.cloud/location`) gets one: there is no default, which k3s' own Service of Traefik would take at first.
 */
function hetznerProgram({ cluster, loadBalancers, region }: CloudPlace): CloudProgram {
  const controllers = loadBalancers ? [nodeController, balancerController] : [nodeController];
  const network = placeName(cluster, "hetzner", placeOf({ cloud: "hetzner", region }));
  return {
    args: [...commonArgs("hcloud", controllers), "--allow-untagged-cloud"],
    env: [
      token("HCLOUD_TOKEN"),
      ...variables({
        HCLOUD_NETWORK: network,
        HCLOUD_NETWORK_ROUTES_ENABLED: "false",
        HCLOUD_LOAD_BALANCERS_USE_PRIVATE_IP: "true",
        // What is told of a load balancer is the address that the world reaches.
        HCLOUD_LOAD_BALANCERS_DISABLE_PRIVATE_INGRESS: "true",
        HCLOUD_METRICS_ENABLED: "false",
      }),
    ],
  };
}

/**
 * digitalocean-cloud-controller-manager v0.1.68, without load balancers: they would ask kube-proxy for every node's health at port 10256,
 * which k3s opens on the loopback interface alone.
 */
function digitalOceanProgram({ region }: CloudPlace): CloudProgram {
  return {
    args: commonArgs("digitalocean", [nodeController]),
    env: [token("DO_ACCESS_TOKEN"), ...variables({ REGION: region })],
  };
}

/**
 * aws-cloud-controller-manager v1.35.0, without load balancers: they need tags on subnets and security groups, and change the latter behind the
 * program's back. It speaks for the role of the node that it runs on.
 */
function awsProgram({ cluster, region }: CloudPlace): CloudProgram {
  const { file, folder } = configurationPath;
  return {
    args: [...commonArgs("aws", [nodeController]), `--cloud-config=${folder}/${file}`],
    env: [],
    configuration: `[Global]\nRegion=${region}\nKubernetesClusterID=${cluster}\n`,
  };
}

function token(name: string): types.input.core.v1.EnvVar {
  return { name, valueFrom: { secretKeyRef: { ...tokenSecret } } };
}

function variables(values: Readonly<Record<string, string>>): types.input.core.v1.EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
