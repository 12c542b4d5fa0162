import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/kubernetes";
import type { Size } from "../../../config/systems.ts";
import { imageOf } from "../../charts/lock.ts";
import { probeBoth } from "../../kit/container.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { WebService } from "../../kit/web-service.ts";
import { istioReplicas, proxyResources } from "./rendering.ts";
import { istioPorts, proxyMetricsPort } from "./values.ts";

/** Name of the gateway's pods and of their Service. */
export const gatewayName = "istio-gateway";

/** By which a `Gateway` finds its pods. */
const gatewayLabels = { istio: "gateway" } as const;

/** The user of Istio's proxies. */
const user = 1337;

/** The fields of a `Gateway` that the platform sets. */
export interface GatewaySpec {
  readonly selector: Readonly<Record<string, string>>;
  readonly servers: readonly {
    readonly port: { readonly number: number; readonly name: string; readonly protocol: "HTTP" };
    readonly hosts: readonly string[];
  }[];
}

/** Whatever the ingress controller leads to the Service's port, for VirtualServices to lead on. */
export const gatewaySpec: GatewaySpec = {
  selector: gatewayLabels,
  servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"] }],
};

/** The proxy of istiod's release. */
export const proxyImage = imageOf("istiod", "proxyv2");

export interface IstioGatewayArgs {
  readonly metadata: ObjectMetadata;
  readonly size: Size;
}

/**
 * The proxy through which requests come into the mesh. Its settings are put into the pod by istiod's webhook when the pod is made, so
 * that istiod must be there first.
 *
 * A workload of the platform's own: the chart leaves the image to istiod, by a word that nobody can pin. TLS ends before it, at the
 * ingress controller, so that it reads no Secret and needs no low port.
 *
 * @returns the Service's name
 */
export function createGateway(
  { metadata, size }: IstioGatewayArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] },
): pulumi.Output<string> {
  const account = new kubernetes.core.v1.ServiceAccount(
    gatewayName,
    { metadata, automountServiceAccountToken: false },
    { parent: options.parent },
  );
  return new WebService(
    gatewayName,
    {
      system: "istio",
      metadata,
      user,
      replicas: istioReplicas(size),
      container: {
        // By this name istiod knows the container that it has to complete.
        name: "istio-proxy",
        image: proxyImage,
        ports: { http: istioPorts.gateway, [proxyMetricsPort]: istioPorts.proxyMetrics },
        resources: proxyResources.gateway,
        probes: probeBoth({ httpGet: { path: "/healthz/ready", port: 15021 } }),
      },
      transform: { deployment: (deployment) => withProxy(deployment, account.metadata.name) },
    },
    options,
  ).serviceName;
}

/** Has istiod complete the pods, as a gateway's and not as a sidecar's, with an identity of their own. */
function withProxy(
  deployment: types.input.apps.v1.Deployment,
  serviceAccountName: pulumi.Output<string>,
): types.input.apps.v1.Deployment {
  const spec = deployment.spec as types.input.apps.v1.DeploymentSpec;
  const template = spec.template as types.input.core.v1.PodTemplateSpec;
  const { labels } = template.metadata as { labels: Record<string, string> };
  return {
    ...deployment,
    spec: {
      ...spec,
      template: {
        metadata: {
          labels: { ...labels, ...gatewayLabels, "sidecar.istio.io/inject": "true" },
          annotations: { "inject.istio.io/templates": "gateway" },
        },
        spec: { ...(template.spec as types.input.core.v1.PodSpec), serviceAccountName },
      },
    },
  };
}
