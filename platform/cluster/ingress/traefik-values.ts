import type { Size } from "../../../config/systems.ts";
import type { Rendering } from "../../charts/rendering.ts";
import type { ChartValues } from "../../kit/chart.ts";
import type { Resources } from "../../kit/container.ts";
import { ingressLabel } from "../../../infra/node-labels.ts";
import type { IngressOptions } from "./options.ts";

/** Settings of Traefik, whoever installs it. */
export interface TraefikOptions {
  readonly options: Pick<IngressOptions, "trustedProxies" | "accessLog"> & { readonly size: Size };
}

/** Settings of k3s' packaged Traefik. */
export interface TraefikSettings extends TraefikOptions {
  /** A name that leads to every node where public traffic enters: the address that Ingresses tell. */
  readonly host: string;
}

/** The pods' ports, by the chart. */
export const traefikPorts = { web: 8000, secure: 8443, metrics: 9100 } as const;

/** The namespace of a Traefik that the program installs. */
export const traefikNamespace = "traefik";

/** What ingress-nginx called itself: Ingresses that were written for it name its class, and the class names this controller. */
export const nginx = { class: "nginx", controller: "k8s.io/ingress-nginx" } as const;

/** Memory that Traefik may use on one node; its garbage collector is told so by the chart. */
const memory: Readonly<Record<Size, NonNullable<Resources["limits"]["memory"]>>> = {
  small: "256Mi",
  medium: "512Mi",
  large: "1Gi",
};

/** What Traefik may use on each node: idle it takes about 50 MiB, and a core moves some thousand requests a second. */
export function traefikResources(size: Size): Resources {
  return { requests: { cpu: "50m", memory: "96Mi" }, limits: { cpu: "1", memory: memory[size] } };
}

/**
 * Values of the chart `traefik` as k3s packages it, laid over k3s' own.
 *
 * On ports 80 and 443 of the nodes themselves, so that no load balancer is needed and requests come with their true origin. The Service
 * gives up its own load balancer, which would want the same ports; therefore Ingresses are told the address by which they are reached.
 */
export function traefikValues({ options, host }: TraefikSettings): ChartValues {
  const { web, websecure } = entryPoints(options);
  const common = commonValues(options);
  return {
    ...common,
    additionalArguments: [...common.additionalArguments, ...nginxArguments(host)],
    deployment: { kind: "DaemonSet" },
    // The old pod holds the node's ports until it is gone.
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    nodeSelector: { [ingressLabel]: "true" },
    // A node that is marked for it takes public traffic, whatever else it is kept for.
    tolerations: [{ operator: "Exists" }],
    service: { spec: { type: "ClusterIP" } },
    ports: { web: { hostPort: 80, ...web }, websecure: { hostPort: 443, ...websecure } },
    providers: {
      kubernetesIngress: { publishedService: { enabled: false }, ingressEndpoint: { hostname: host } },
    },
  };
}

/**
 * Has Traefik also serve Ingresses that were written for ingress-nginx. As arguments: the chart's key is `kubernetesIngressNginx` up to
 * version 39 and `kubernetesIngressNGINX` from 40 on, each refuses the other's, and releases of one Kubernetes version package either.
 */
function nginxArguments(host: string): string[] {
  return [
    "--providers.kubernetesingressnginx=true",
    `--providers.kubernetesingressnginx.publishstatusaddress=${host}`,
  ];
}

/** Pods of a Traefik that the program installs: any of them leads everywhere. */
export function traefikReplicas(size: Size): number {
  return size === "small" ? 1 : 2;
}

/** What the values make of the chart where the program installs it. */
export function traefikRendering(size: Size): Rendering<"traefik"> {
  return {
    workloads: {
      "Deployment/traefik": {
        replicas: traefikReplicas(size),
        containers: { traefik: traefikResources(size) },
      },
    },
  };
}

/**
 * Values of the chart `traefik` on a cluster that has no ingress controller: behind the load balancer that the cluster has for its
 * Services, whose address Ingresses tell. The classes are made beside the chart.
 */
export function installedTraefikValues({ options }: TraefikOptions): ChartValues {
  const replicas = traefikReplicas(options.size);
  return {
    ...commonValues(options),
    deployment: { replicas },
    ...(replicas > 1 && {
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      topologySpreadConstraints: [spread],
    }),
    ingressClass: { enabled: false },
    ports: entryPoints(options),
    providers: { kubernetesIngressNGINX: { enabled: true, publishService: { enabled: true } } },
  };
}

const spread = {
  maxSkew: 1,
  topologyKey: "kubernetes.io/hostname",
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: { "app.kubernetes.io/name": "traefik" } },
} as const;

/** Traefik cuts requests off after 60 s by default; an upload to the object store may take this long. */
const readTimeout = "600s";

function commonValues({ accessLog, size }: TraefikOptions["options"]) {
  return {
    resources: { ...traefikResources(size) },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    // As arguments, since the chart's own keys were renamed between the versions that k3s has packaged.
    additionalArguments: [
      `--entrypoints.websecure.transport.respondingtimeouts.readtimeout=${readTimeout}`,
      ...(accessLog ? ["--accesslog=true", "--accesslog.format=json"] : []),
    ],
  };
}

/** From the web's plain port to the secure one; of a request's origin only the named proxies are believed. */
function entryPoints({ trustedProxies }: TraefikOptions["options"]) {
  const forwardedHeaders = { trustedIPs: trustedProxies };
  const toSecure = { to: "websecure", scheme: "https", permanent: true } as const;
  return {
    web: { forwardedHeaders, http: { redirections: { entryPoint: toSecure } } },
    websecure: { forwardedHeaders },
  };
}
