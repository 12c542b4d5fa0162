import type { Size } from "../../config/systems.ts";
import type { ChartValues } from "../kit/chart.ts";
import type { Resources } from "../kit/container.ts";
import { ingressLabel } from "../../infra/node-labels.ts";
import type { IngressOptions } from "./ingress-options.ts";

/** Settings of k3s' packaged Traefik. */
export interface TraefikSettings {
  readonly options: Pick<IngressOptions, "trustedProxies" | "accessLog"> & { readonly size: Size };
  /** A name that leads to every node where public traffic enters: the address that Ingresses tell. */
  readonly host: string;
}

/** The pods' ports, by the chart. */
export const traefikPorts = { web: 8000, secure: 8443, metrics: 9100 } as const;

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
  const { accessLog, size, trustedProxies } = options;
  const forwardedHeaders = { trustedIPs: trustedProxies };
  return {
    deployment: { kind: "DaemonSet" },
    // The old pod holds the node's ports until it is gone.
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    nodeSelector: { [ingressLabel]: "true" },
    // A node that is marked for it takes public traffic, whatever else it is kept for.
    tolerations: [{ operator: "Exists" }],
    resources: { ...traefikResources(size) },
    service: { spec: { type: "ClusterIP" } },
    ports: {
      web: {
        hostPort: 80,
        forwardedHeaders,
        http: { redirections: { entryPoint: { to: "websecure", scheme: "https", permanent: true } } },
      },
      websecure: { hostPort: 443, forwardedHeaders },
    },
    providers: {
      kubernetesIngress: { publishedService: { enabled: false }, ingressEndpoint: { hostname: host } },
      kubernetesIngressNGINX: { enabled: true, publishStatusAddress: host },
    },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    // As arguments, since the chart's own keys were renamed between the versions that k3s has packaged.
    additionalArguments: accessLog ? ["--accesslog=true", "--accesslog.format=json"] : [],
  };
}
