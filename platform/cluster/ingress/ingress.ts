import type * as kubernetes from "@pulumi/kubernetes";
import { catalogue } from "../../catalogue.ts";
import { BasicAuthentication } from "../../kit/basic-authentication.ts";
import type { CertificateAuthority } from "../../kit/certificate-authority.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { GuardedNamespace } from "../../kit/guarded-namespace.ts";
import type { Peer } from "../../kit/network-access.ts";
import type { IngressSettings } from "../../kit/public-address.ts";
import { hostOf, type PlatformConfiguration } from "../../layer.ts";
import { CertManager } from "../cert-manager/cert-manager.ts";
import { InstalledTraefik } from "./installed-traefik.ts";
import { quotaFor } from "../namespaces.ts";
import { traefikNamespace } from "./traefik-values.ts";
import { packagedTraefik, Traefik } from "./traefik.ts";

/** The class of Traefik's Ingresses, as k3s names it. */
const ingressClass = "traefik";

export interface IngressArgs {
  readonly provider: kubernetes.Provider;
  readonly authority: CertificateAuthority;
  /** Where cert-manager is put, when it is on. */
  readonly place: (namespace: (typeof catalogue)["cert-manager"]["namespace"]) => ChartPlace;
}

/** How requests come in, and by whose certificates. */
export interface PublicSide {
  /** How web pages are published; undefined on a cluster without an ingress controller. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
  readonly certManager: CertManager | undefined;
  /** The program's own; undefined on a cluster that runs already and has one, as its owner wants it. */
  readonly traefik: Traefik | InstalledTraefik | undefined;
}

/** Deploys the systems `ingress` and `cert-manager`, and the login in front of web pages. */
export function deployIngress(configuration: PlatformConfiguration, args: IngressArgs): PublicSide {
  const isServed = hasIngress(configuration);
  const traefik = deployTraefik(configuration, args.provider);
  const isInstalled = traefik instanceof InstalledTraefik;
  const ingressController = isInstalled ? traefik.peer : packagedTraefik;
  const certManager = deployCertManager(configuration, args, isServed ? ingressController : undefined);
  return {
    traefik,
    ingressController,
    certManager,
    ingress: isServed
      ? {
          class: ingressClass,
          authority: args.authority,
          issuer: certManager?.issuer,
          authentication: new BasicAuthentication(isInstalled ? traefik.charts : []),
        }
      : undefined,
  };
}

/** Whether anybody serves web pages. */
function hasIngress({ cluster, platform }: PlatformConfiguration): boolean {
  return platform.systems.ingress !== undefined && (cluster.kind === "k3s" || cluster.ingress !== "none");
}

function deployTraefik(
  configuration: PlatformConfiguration,
  provider: kubernetes.Provider,
): PublicSide["traefik"] {
  const { charts, cluster, platform } = configuration;
  const options = platform.systems.ingress;
  if (!options) return undefined;
  if (cluster.kind === "k3s") {
    return new Traefik({ provider, options, host: hostOf(configuration, "ingress") });
  }
  if (cluster.ingress !== "install") return undefined;
  const { name } = new GuardedNamespace(
    { name: traefikNamespace, quota: quotaFor([]) },
    { providers: [provider] },
  );
  return new InstalledTraefik({ place: { provider, namespace: name, charts }, options });
}

function deployCertManager(
  { acme, platform }: PlatformConfiguration,
  { authority, place }: IngressArgs,
  controller: Peer | undefined,
): CertManager | undefined {
  const options = platform.systems["cert-manager"];
  if (!options) return undefined;
  return new CertManager({
    place: place(catalogue["cert-manager"].namespace),
    size: options.size,
    acme,
    authority,
    ingress: controller && { class: ingressClass, controller },
  });
}
