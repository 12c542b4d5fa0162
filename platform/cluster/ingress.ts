import type * as kubernetes from "@pulumi/kubernetes";
import { catalogue } from "../catalogue.ts";
import { BasicAuthentication } from "../kit/basic-authentication.ts";
import type { CertificateAuthority } from "../kit/certificate-authority.ts";
import type { ChartPlace } from "../kit/chart.ts";
import type { IngressSettings } from "../kit/public-address.ts";
import { hostOf, type PlatformConfiguration } from "../layer.ts";
import { CertManager } from "./cert-manager.ts";
import { Traefik, traefikPeer } from "./traefik.ts";

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
  readonly certManager: CertManager | undefined;
  /** k3s' Traefik; undefined on a cluster that runs already, which has its own as its owner wants it. */
  readonly traefik: Traefik | undefined;
}

/** Deploys the systems `ingress` and `cert-manager`, and the login in front of web pages. */
export function deployIngress(configuration: PlatformConfiguration, args: IngressArgs): PublicSide {
  const isServed = hasIngress(configuration);
  const certManager = deployCertManager(configuration, args, isServed);
  const { authority, provider } = args;
  return {
    traefik: deployTraefik(configuration, provider),
    certManager,
    ingress: isServed
      ? {
          class: ingressClass,
          authority,
          issuer: certManager?.issuer,
          authentication: new BasicAuthentication(),
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
): Traefik | undefined {
  const { cluster, platform } = configuration;
  const options = platform.systems.ingress;
  if (!options || cluster.kind === "existing") return undefined;
  return new Traefik({ provider, options, host: hostOf(configuration, "ingress") });
}

function deployCertManager(
  { acme, platform }: PlatformConfiguration,
  { authority, place }: IngressArgs,
  isServed: boolean,
): CertManager | undefined {
  const options = platform.systems["cert-manager"];
  if (!options) return undefined;
  return new CertManager({
    place: place(catalogue["cert-manager"].namespace),
    size: options.size,
    acme,
    authority,
    ingress: isServed ? { class: ingressClass, controller: traefikPeer } : undefined,
  });
}
