import type { Acme } from "../../../config/sections/acme.ts";
import type { Size } from "../../../config/systems.ts";
import { fromApiServer, toApiServer } from "../../kit/api-server-access.ts";
import type { CertificateAuthority } from "../../kit/certificate-authority.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../../kit/chart.ts";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import { dashboard, type Dashboard } from "../../kit/dashboard.ts";
import { podMonitor } from "../../kit/metrics.ts";
import type { NetworkAccessArgs, Peer } from "../../kit/network-access.ts";
import type { CertificateIssuer } from "../../kit/public-address.ts";
import { untilTrusted } from "../../kit/webhook.ts";
import {
  letsEncrypt,
  ownAuthority,
  ownIssuer,
  type ClusterIssuer,
  type ClusterIssuerSpec,
} from "./issuers.ts";
import { certManagerRendering, certManagerReplicas, certManagerResources } from "./rendering.ts";
import { traefikPorts } from "../ingress/traefik-values.ts";

export interface CertManagerArgs {
  readonly place: ChartPlace;
  /** From one pod of each part to one that stands by. */
  readonly size: Size;
  readonly acme: Acme;
  /** The stack's own authority, in whose name it signs what Let's Encrypt cannot. */
  readonly authority: CertificateAuthority;
  /** Through whom Let's Encrypt reaches the cluster; undefined where nobody can. */
  readonly ingress: { readonly class: string; readonly controller: Peer } | undefined;
}

/** cert-manager: gets certificates and renews them, from Let's Encrypt and in the name of the stack's own authority. */
export class CertManager extends ChartSystem {
  /** Who signs for public pages. */
  readonly issuer: CertificateIssuer;

  constructor(args: CertManagerArgs) {
    super({ name: "cert-manager", layer: "cluster" }, args.place);
    const publicIssuer = publicIssuerOf(args);
    this.install("cert-manager", {
      values: certManagerValues(args.size, publicIssuer.name),
      rendering: certManagerRendering(args.size),
    });
    const proves = publicIssuer !== ownIssuer;
    this.#openEdges(proves ? args.ingress?.controller : undefined);
    const own = this.#createOwnIssuer(args.authority);
    const issuer = proves ? this.#createIssuer(publicIssuer) : own;
    this.issuer = {
      name: issuer.metadata.name,
      challengeSource: proves ? args.ingress?.controller : undefined,
    };
    this.registerOutputs({ issuer: this.issuer.name });
  }

  /** Has Prometheus ask every pod. */
  watchBy(monitoring: ChartSystem): void {
    const port = { name: "http-metrics", number: ports.metrics };
    podMonitor(
      "cert-manager",
      { monitoring, metadata: this.metadata("cert-manager"), selector: ownPods, port },
      { parent: this },
    );
    const { name, labels } = this.metadata("cert-manager");
    const args = { monitoring, metadata: { name, labels }, dashboard: certificates };
    dashboard("cert-manager", args, { parent: this });
    alertRules(
      "cert-manager",
      { monitoring, metadata: this.metadata("cert-manager"), alerts: certificateAlerts },
      { parent: this },
    );
  }

  #createOwnIssuer(authority: CertificateAuthority) {
    const secret = authority.delegate(ownAuthority, this.metadata(ownAuthority), { parent: this });
    return this.#createIssuer(ownIssuer, [secret]);
  }

  #createIssuer(
    { name, spec }: ClusterIssuer,
    dependsOn: Parameters<typeof this.customResource>[1]["dependsOn"] = [],
  ) {
    return this.customResource<ClusterIssuerSpec>(name, {
      kind: "cert-manager.io/v1/ClusterIssuer",
      name,
      spec,
      clusterWide: true,
      dependsOn,
    });
  }

  #openEdges(controller: Peer | undefined): void {
    this.openEdges({
      from: [fromApiServer(ports.webhook)],
      to: [...toApiServer, ...(controller ? toLetsEncrypt(controller) : [])],
    });
  }
}

/** The pods' ports, by the chart. */
const ports = { webhook: 10250, metrics: 9402 } as const;

/** Labels that the chart gives all its pods. */
const ownPods = { "app.kubernetes.io/instance": "cert-manager" } as const;

/** Who signs for public pages: Let's Encrypt can where it can ask. */
function publicIssuerOf({ acme, ingress }: CertManagerArgs): ClusterIssuer {
  return acme.issuer === "self-signed" || !ingress ? ownIssuer : letsEncrypt(acme, ingress.class);
}

/**
 * Edges to Let's Encrypt, and to the cluster's own hosts: cert-manager asks itself first what Let's Encrypt will ask. Behind the hosts'
 * ports are the controller's, since some network plugins judge a packet after its address is translated.
 */
function toLetsEncrypt(controller: Peer): NonNullable<NetworkAccessArgs["to"]> {
  const { secure, web } = traefikPorts;
  return [
    ...[80, 443].map((port) => ({ peer: { kind: "world" } as const, port })),
    ...[web, secure].map((port) => ({ peer: controller, port })),
  ];
}

/**
 * Values of the chart `cert-manager`. Its security contexts are the house's by default.
 *
 * @param issuer signs for Ingresses that ask for a certificate and name no issuer, by the annotation `kubernetes.io/tls-acme`
 */
export function certManagerValues(size: Size, issuer: string): ChartValues {
  const replicaCount = certManagerReplicas(size);
  const { controller, injector, webhook } = certManagerResources;
  const replicated = {
    replicaCount,
    ...(replicaCount > 1 && { podDisruptionBudget: { enabled: true, maxUnavailable: 1 } }),
  };
  return {
    ...replicated,
    // Its definitions go with it: everything of their kinds is gone before.
    crds: { enabled: true, keep: false },
    resources: controller,
    webhook: {
      ...replicated,
      resources: webhook,
      // The injector writes it there: issuers are made right after the chart.
      validatingWebhookConfigurationAnnotations: untilTrusted,
      mutatingWebhookConfigurationAnnotations: untilTrusted,
    },
    cainjector: { ...replicated, resources: injector },
    ingressShim: {
      defaultIssuerName: issuer,
      defaultIssuerKind: "ClusterIssuer",
      defaultIssuerGroup: "cert-manager.io",
    },
    // A hook that asks whether the webhook answers: whoever makes an object of these kinds waits for the webhook's pods.
    startupapicheck: { enabled: false },
  };
}

const certificates: Dashboard = {
  title: "Certificates",
  panels: [
    {
      title: "Time until expiry",
      unit: "s",
      queries: {
        "{{exported_namespace}}/{{name}}":
          "min by (exported_namespace, name) (certmanager_certificate_expiration_timestamp_seconds) - time()",
      },
    },
    {
      title: "Not ready",
      unit: "short",
      queries: {
        "{{exported_namespace}}/{{name}}":
          'sum by (exported_namespace, name) (certmanager_certificate_ready_status{condition!="True"})',
      },
    },
  ],
};

const certificateAlerts: readonly Alert[] = [
  {
    name: "CertificateExpiresSoon",
    // It is renewed when a third of its time is left, of Let's Encrypt's 90 days with 30 days to go.
    expression:
      "min by (exported_namespace, name) (certmanager_certificate_expiration_timestamp_seconds) - time() < 14 * 86400",
    for: "1h",
    severity: "critical",
    summary:
      "The certificate {{ $labels.exported_namespace }}/{{ $labels.name }} expires in {{ $value | humanizeDuration }} and has not been renewed.",
  },
  {
    name: "CertificateNotReady",
    expression:
      'max by (exported_namespace, name) (certmanager_certificate_ready_status{condition="True"}) == 0',
    for: "30m",
    severity: "warning",
    summary:
      "The certificate {{ $labels.exported_namespace }}/{{ $labels.name }} is not ready: it could not be issued.",
  },
];
