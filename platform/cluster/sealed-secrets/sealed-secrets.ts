import * as tls from "@pulumi/tls";
import * as pulumi from "@pulumi/pulumi";
import { fromApiServer, toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../../kit/chart.ts";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import { checksum } from "../../kit/checksum.ts";
import { dashboard, type Dashboard } from "../../kit/dashboard.ts";
import { serviceMonitor } from "../../kit/metrics.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { sealedSecretsRendering, sealedSecretsResources } from "./rendering.ts";

export interface SealedSecretsArgs {
  readonly place: ChartPlace;
  readonly cluster: string;
}

/** Ten years: what is sealed lies in Git for long, and must open after the cluster was made anew. */
const validityHours = 10 * 365 * 24;

/**
 * Sealed Secrets: Secrets that may lie in a public repository, since only this cluster can open them.
 *
 * The key pair is made here and kept in the state, not by the controller: the certificate to seal with is known before anything runs, and a
 * cluster that is made anew from the same state opens what was sealed for the old one.
 */
export class SealedSecrets extends ChartSystem {
  /** What to seal with (PEM): `kubeseal --cert`. */
  readonly certificate: pulumi.Output<string>;

  constructor(args: SealedSecretsArgs) {
    super({ name: "sealed-secrets", layer: "cluster" }, args.place);
    const { certificate, key } = this.#createKeyPair(args.cluster);
    this.certificate = certificate;
    const secret = this.#createSecret(certificate, key);
    this.install("sealed-secrets", {
      values: sealedSecretsValues(checksum(certificate.apply((text) => ({ certificate: text })))),
      rendering: sealedSecretsRendering,
      dependsOn: [secret],
    });
    this.openEdges({ from: [fromApiServer(ports.http)], to: toApiServer });
    this.registerOutputs({ certificate });
  }

  /** Has Prometheus ask the controller. */
  watchBy(monitoring: ChartSystem): void {
    const metadata = this.metadata("sealed-secrets");
    serviceMonitor(
      "sealed-secrets",
      { monitoring, metadata, selector: metricsService, port: { name: "metrics", number: ports.metrics } },
      { parent: this },
    );
    dashboard("sealed-secrets", { monitoring, metadata, dashboard: unsealing }, { parent: this });
    alertRules("sealed-secrets", { monitoring, metadata, alerts: [cannotOpen] }, { parent: this });
  }

  /** RSA, since the sealing is RSA-OAEP. */
  #createKeyPair(cluster: string) {
    const options = { parent: this };
    const key = new tls.PrivateKey("sealing", { algorithm: "RSA", rsaBits: 4096 }, options);
    const certificate = new tls.SelfSignedCert(
      "sealing",
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: `${cluster} sealed secrets`, organization: "uap" },
        allowedUses: ["key_encipherment", "data_encipherment"],
        validityPeriodHours: validityHours,
      },
      options,
    );
    return { key: key.privateKeyPem, certificate: certificate.certPem };
  }

  /** The controller takes every key with this label, and makes none of its own while there is one. */
  #createSecret(certificate: pulumi.Output<string>, key: pulumi.Output<string>): pulumi.Resource {
    const { labels, ...metadata } = this.metadata("sealed-secrets-key");
    const files = pulumi.all([certificate, key]).apply(([certificateText, keyText]) => ({
      "tls.crt": certificateText,
      "tls.key": keyText,
    }));
    return secretObject(
      "sealed-secrets-key",
      { ...metadata, labels: { ...labels, "sealedsecrets.bitnami.com/sealed-secrets-key": "active" } },
      files,
      { parent: this },
      "kubernetes.io/tls",
    );
  }
}

/** The pod's ports, by the chart. */
const ports = { http: 8080, metrics: 8081 } as const;

/** Labels that the chart gives the Service of the metrics. */
const metricsService = {
  "app.kubernetes.io/instance": "sealed-secrets",
  "app.kubernetes.io/component": "metrics",
} as const;

/**
 * Values of the chart `sealed-secrets`. Its security contexts are the house's by default.
 *
 * @param key a checksum: the controller reads its key at its start alone
 */
export function sealedSecretsValues(key: string | pulumi.Output<string>): ChartValues {
  return {
    podAnnotations: { "uap.dev/checksum": key },
    // Never another key than the one whose certificate the stack gives out.
    keyrenewperiod: "0",
    resources: sealedSecretsResources,
  };
}

const unsealing: Dashboard = {
  title: "Sealed Secrets",
  panels: [
    {
      title: "Unseal requests",
      unit: "ops",
      queries: { requests: "sum(rate(sealed_secrets_controller_unseal_requests_total[5m]))" },
    },
    {
      title: "Unseal errors",
      unit: "ops",
      queries: { "{{reason}}": "sum by (reason) (rate(sealed_secrets_controller_unseal_errors_total[5m]))" },
    },
  ],
};

const cannotOpen: Alert = {
  name: "SealedSecretUnsealFailed",
  expression:
    'max by (exported_namespace, name) (sealed_secrets_controller_condition_info{condition="Synced"}) == -1',
  for: "5m",
  severity: "warning",
  summary:
    "The sealed Secret {{ $labels.exported_namespace }}/{{ $labels.name }} cannot be unsealed: was it sealed for another cluster, namespace or name?",
};
