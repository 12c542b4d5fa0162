import type { Cluster } from "../../infra/cluster.ts";
import { catalogue } from "../catalogue.ts";
import { BasicAuthentication } from "../kit/basic-authentication.ts";
import { CertificateAuthority } from "../kit/certificate-authority.ts";
import type { Peer } from "../kit/network-access.ts";
import type { IngressSettings } from "../kit/public-address.ts";
import type { ChartPlace } from "../kit/chart.ts";
import type { Deployed, PlatformConfiguration } from "../layer.ts";
import { Keda } from "./keda.ts";
import { Namespaces, type NamespaceName } from "./namespaces.ts";

/** What the cluster layer gives to all layers above. */
export interface Foundation {
  /** Where systems are put, by namespace. */
  place(namespace: NamespaceName): ChartPlace;
  readonly authority: CertificateAuthority;
  /** How web pages are published; undefined on a cluster without an ingress controller. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
  /** What looks after `keda.sh`'s objects: they are made after its charts. */
  readonly keda: Keda | undefined;
  readonly deployed: readonly Deployed[];
}

/** k3s' packaged Traefik. */
const traefik: Peer = {
  kind: "pods",
  namespace: "kube-system",
  selector: { "app.kubernetes.io/name": "traefik" },
};

/** Deploys what every system stands on: namespaces, the certificate authority and the login in front of web pages. */
export function deployClusterLayer(configuration: PlatformConfiguration, cluster: Cluster): Foundation {
  const { provider } = cluster;
  const namespaces = new Namespaces(configuration, { providers: [provider] });
  const authority = new CertificateAuthority(configuration.cluster.name);
  const ingress = publicIngress(configuration, authority);
  const place = (namespace: NamespaceName): ChartPlace => ({
    provider,
    namespace: namespaces.nameOf(namespace),
    charts: configuration.charts,
  });
  const { systems } = configuration.platform;
  const keda = systems.keda && new Keda({ place: place(catalogue.keda.namespace), size: systems.keda.size });
  return {
    place,
    authority,
    ingress,
    ingressController: traefik,
    keda,
    deployed: [
      ...(ingress
        ? [{ system: "ingress", url: undefined, accounts: ingress.authentication.accounts } as const]
        : []),
      ...(keda ? [{ system: "keda", url: undefined, accounts: undefined } as const] : []),
    ],
  };
}

function publicIngress(
  configuration: PlatformConfiguration,
  authority: CertificateAuthority,
): IngressSettings | undefined {
  const { cluster } = configuration;
  if (cluster.kind === "existing" && cluster.ingress === "none") return undefined;
  return { class: "traefik", authority, authentication: new BasicAuthentication() };
}
