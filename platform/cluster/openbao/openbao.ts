import * as kubernetes from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as pulumi from "@pulumi/pulumi";
import type { Sized } from "../../../config/systems.ts";
import { toApiServer } from "../../kit/api-server-access.ts";
import type { CertificateAuthority } from "../../kit/certificate-authority.ts";
import { alertRules } from "../../kit/alert-rules.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { checksum } from "../../kit/checksum.ts";
import { dashboard } from "../../kit/dashboard.ts";
import { serviceMonitor } from "../../kit/metrics.ts";
import type { NetworkAccessArgs } from "../../kit/network-access.ts";
import { generatedPassword } from "../../kit/password.ts";
import { portOf } from "../../kit/port-of.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { firstStart, serverConfiguration } from "./files.ts";
import type { OpenbaoOptions } from "./options.ts";
import { writePolicies } from "./policies.ts";
import { openbaoReplicas, openbaoRendering } from "./rendering.ts";
import { openbaoValues, sealSecrets } from "./values.ts";
import { openbaoAlerts, openbaoDashboard } from "./watching.ts";

export interface OpenbaoArgs {
  readonly place: ChartPlace;
  readonly options: Sized<OpenbaoOptions>;
  /** Vouches for the servers. */
  readonly authority: CertificateAuthority;
  /** Image of the program `bao`, for the Job that writes policies. */
  readonly image: string;
}

/**
 * OpenBao: keeps secrets and hands them out by policy. Servers with Raft, TLS between them and to their clients; they unseal themselves in the
 * way that the options choose, set themselves up at their first start, and get the declared policies from a Job at every change.
 *
 * Without auto-unseal nothing of that happens by itself: a person initializes and unseals it.
 */
export class Openbao extends ChartSystem {
  /** The administrator's password by account; undefined where a person sets it up. */
  readonly accounts: pulumi.Output<Readonly<Record<string, string>>> | undefined;

  constructor(args: OpenbaoArgs) {
    super({ name: "openbao", layer: "cluster" }, args.place);
    const { options } = args;
    const isAutomatic = options.seal.kind !== "none";
    const password = generatedPassword("openbao-administrator", { parent: this });
    this.accounts = isAutomatic ? password.result.apply(accountsOf) : undefined;
    const { checksum, names } = this.#createFiles(args, password.result);
    this.install("openbao", {
      values: openbaoValues({ size: options.size, options, names, checksum }),
      rendering: openbaoRendering(options.size, options.storage),
    });
    this.openEdges(edges(options, this.namespace));
    if (options.policies.length > 0) {
      writePolicies(
        {
          image: args.image,
          policies: options.policies,
          tls: names.tls,
          metadata: (name) => this.metadata(name, "openbao-policies"),
        },
        { parent: this, dependsOn: [...this.charts] },
      );
    }
    this.registerOutputs();
  }

  /** Has Prometheus ask the server that leads. */
  watchBy(monitoring: ChartSystem): void {
    const metadata = this.metadata("openbao");
    const options = { parent: this };
    serviceMonitor(
      "openbao",
      {
        monitoring,
        metadata,
        selector: activeService,
        port: { name: "https", number: ports.api },
        path: "/v1/sys/metrics",
        parameters: { format: "prometheus" },
        tls: { authority: tlsSecret, serverName: "openbao-active" },
      },
      options,
    );
    dashboard("openbao", { monitoring, metadata, dashboard: openbaoDashboard }, options);
    alertRules("openbao", { monitoring, metadata, alerts: openbaoAlerts }, options);
  }

  #createFiles({ authority, options }: OpenbaoArgs, password: pulumi.Output<string>) {
    const parent = { parent: this };
    const tls = authority.issue(tlsSecret, this.metadata(tlsSecret), hosts(this.namespace), parent);
    const administrator = secretObject(
      "openbao-administrator",
      this.metadata("openbao-administrator"),
      password.apply((text) => ({ password: text })),
      parent,
    );
    const start = new kubernetes.core.v1.ConfigMap(
      "openbao-start",
      {
        metadata: this.metadata("openbao-start"),
        data: { "start.json": this.namespace.apply(firstStart) },
      },
      parent,
    );
    const seal = this.#createSeal(options.seal);
    const configuration = serverConfiguration(options.seal, openbaoReplicas(options.size));
    return {
      names: {
        tls: tls.metadata.name,
        administrator: administrator.metadata.name,
        start: start.metadata.name,
        seal: seal.metadata.name,
      },
      checksum: checksum(tls.data, seal.data, { configuration }),
    };
  }

  /** The key itself, or what other services want to unseal. */
  #createSeal(seal: OpenbaoOptions["seal"]): kubernetes.core.v1.Secret {
    const metadata = this.metadata("openbao-seal");
    if (seal.kind !== "static")
      return secretObject("openbao-seal", metadata, sealSecrets(seal), { parent: this });
    // AES-256; lost, it takes all secrets with it.
    const key = new random.RandomBytes("openbao-seal", { length: 32 }, { parent: this });
    return new kubernetes.core.v1.Secret(
      "openbao-seal",
      { metadata, data: pulumi.secret(key.base64.apply((base64) => ({ key: base64 }))) },
      { parent: this },
    );
  }
}

/** Name of the Secret with the servers' certificate. */
const tlsSecret = "openbao-tls";

/** Labels that the chart gives the Service of the server that leads. */
const activeService = { "app.kubernetes.io/instance": "openbao", "openbao-active": "true" } as const;

/** The accounts that people log in with, method `userpass`. */
function accountsOf(password: string): Readonly<Record<string, string>> {
  return { admin: password };
}

/** The pods' ports, by the chart: clients, and the servers among themselves. */
const ports = { api: 8200, cluster: 8201 } as const;

function hosts(namespace: pulumi.Output<string>): [pulumi.Output<string>, ...pulumi.Input<string>[]] {
  return [
    pulumi.interpolate`openbao.${namespace}.svc`,
    pulumi.interpolate`openbao-active.${namespace}.svc`,
    pulumi.interpolate`openbao.${namespace}.svc.cluster.local`,
    "openbao",
    "openbao-active",
    "*.openbao-internal",
    "localhost",
  ];
}

/** Servers among themselves, the API server that tells whose a token is, the unsealing service, and clients of policies. */
function edges({ policies, seal }: OpenbaoOptions, namespace: pulumi.Output<string>) {
  const itself = { kind: "namespace", namespace } as const;
  const own = [ports.api, ports.cluster].map((port) => ({ peer: itself, port }));
  const clients = new Set(policies.flatMap(({ account }) => account?.namespace ?? []));
  return {
    from: [
      ...own,
      ...[...clients].map((client) => ({
        peer: { kind: "namespace", namespace: client } as const,
        port: ports.api,
      })),
    ],
    to: [...own, ...toApiServer, ...toUnsealer(seal)],
  };
}

function toUnsealer(seal: OpenbaoOptions["seal"]): NonNullable<NetworkAccessArgs["to"]> {
  switch (seal.kind) {
    case "none":
    case "static":
      return [];
    case "transit":
      return [{ peer: { kind: "world" }, port: portOf(seal.address) }];
    case "awskms":
      return [{ peer: { kind: "world" }, port: 443 }];
    default:
      return seal satisfies never;
  }
}
