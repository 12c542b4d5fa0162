import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { mqttsPort } from "../../../infra/bootstrap/public-ports.ts";
import type { CertificateAuthority } from "../../kit/certificate-authority.ts";
import { checksum } from "../../kit/checksum.ts";
import { probeBoth } from "../../kit/container.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { networkAccess, type Peer } from "../../kit/network-access.ts";
import { generatedPassword } from "../../kit/password.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { servicePorts, StatefulService } from "../../kit/stateful-service.ts";
import { System, type SystemPlace } from "../../kit/system.ts";
import type { MosquittoOptions } from "./options.ts";
import {
  mosquittoConfiguration,
  mosquittoPassword,
  mosquittoPaths,
  mosquittoTopics,
  mqttPort,
  type MosquittoAccount,
} from "./files.ts";

/** The user that the image is made for. */
const mosquittoUser = 1883;

export interface MosquittoArgs {
  readonly place: SystemPlace;
  /** Image with its tag. */
  readonly image: string;
  readonly options: MosquittoOptions;
  /** Class of its volume; undefined for the cluster's default. */
  readonly storageClass: pulumi.Output<string> | undefined;
  /** Host name that devices outside connect to; part of the certificate. */
  readonly host: string;
  readonly authority: CertificateAuthority;
  /** Who inside the cluster may connect. */
  readonly clients: readonly Peer[];
}

/** The account names and passwords of a system, by account. */
export type Accounts = Readonly<Record<string, string>>;

/**
 * Eclipse Mosquitto: the MQTT broker on `mqtt:1883` inside the cluster and, over TLS, on port 8883 for devices outside.
 * Every account has a generated password and its own list of topics.
 */
export class Mosquitto extends System {
  /** `mqtt.<namespace>:1883`. */
  readonly address: pulumi.Output<string>;
  /** `mqtts://<host>:8883`, when the broker is exposed. */
  readonly publicAddress: pulumi.Output<string> | undefined;
  /** Passwords by account name; secret. */
  readonly accounts: pulumi.Output<Accounts>;

  constructor(args: MosquittoArgs) {
    super({ name: "mosquitto", layer: "data" }, args.place);
    this.accounts = this.#generateAccounts(args.options.accounts);
    const configuration = this.#createConfiguration();
    const credentials = this.#createCredentials(args.options.accounts);
    const certificate = this.#issueCertificate(args);
    const broker = this.#createBroker(args, configuration, credentials, certificate);
    this.address = pulumi.interpolate`${broker.serviceName}.${this.namespace}:${mqttPort}`;
    this.publicAddress = args.options.expose ? this.#expose(args.host) : undefined;
    this.#openEdges(args);
    this.registerOutputs({ address: this.address });
  }

  #generateAccounts(accounts: readonly MosquittoAccount[]): pulumi.Output<Accounts> {
    const passwords = accounts.map((account) =>
      generatedPassword(`mosquitto-${account.name}`, { parent: this }).result.apply(
        (password) => [account.name, password] as const,
      ),
    );
    return pulumi.secret(pulumi.all(passwords).apply((entries): Accounts => Object.fromEntries(entries)));
  }

  #createConfiguration(): kubernetes.core.v1.ConfigMap {
    return new kubernetes.core.v1.ConfigMap(
      "mosquitto",
      {
        metadata: this.metadata("mosquitto"),
        data: { "mosquitto.conf": mosquittoConfiguration() },
      },
      { parent: this },
    );
  }

  #createCredentials(accounts: readonly MosquittoAccount[]): kubernetes.core.v1.Secret {
    const salt = new random.RandomBytes("mosquitto-salt", { length: 12 }, { parent: this });
    const files = pulumi.all([this.accounts, salt.base64]).apply(([passwords, saltBase64]) => ({
      passwords: Object.entries(passwords)
        .map(([account, password]) => `${mosquittoPassword(account, password, saltBase64)}\n`)
        .join(""),
      topics: mosquittoTopics(accounts),
    }));
    return secretObject("mosquitto-accounts", this.metadata("mosquitto-accounts"), files, { parent: this });
  }

  #issueCertificate(args: MosquittoArgs): kubernetes.core.v1.Secret {
    const inside = pulumi.interpolate`mqtt.${this.namespace}.svc`;
    return args.authority.issue(
      "mosquitto-tls",
      this.metadata("mosquitto-tls"),
      [args.host, "mqtt", inside],
      {
        parent: this,
      },
    );
  }

  #createBroker(
    args: MosquittoArgs,
    configuration: kubernetes.core.v1.ConfigMap,
    credentials: kubernetes.core.v1.Secret,
    certificate: kubernetes.core.v1.Secret,
  ): StatefulService {
    return new StatefulService(
      "mosquitto",
      {
        system: this.systemName,
        metadata: this.metadata("mosquitto"),
        serviceName: "mqtt",
        user: mosquittoUser,
        ports: { mqtt: mqttPort },
        storage: {
          size: args.options.storage,
          mountPath: mosquittoPaths.data,
          storageClass: args.storageClass,
        },
        checksum: checksum(configuration.data, credentials.data, certificate.data),
        container: {
          name: "mosquitto",
          image: args.image,
          ports: { mqtt: mqttPort, mqtts: mqttsPort },
          resources: mosquittoResources,
          // Kubernetes mounts a Secret's files as symbolic links, which the broker refuses unless told otherwise.
          env: [{ name: "MOSQUITTO_UNSAFE_ALLOW_SYMLINKS", value: "1" }],
          mounts: [
            { name: "configuration", mountPath: mosquittoPaths.configuration, readOnly: true },
            { name: "accounts", mountPath: mosquittoPaths.accounts, readOnly: true },
            { name: "certificate", mountPath: mosquittoPaths.certificate, readOnly: true },
          ],
          probes: probeBoth({ tcpSocket: { port: "mqtt" } }),
        },
        volumes: [
          { name: "configuration", configMap: { name: configuration.metadata.name } },
          {
            name: "accounts",
            secret: { secretName: credentials.metadata.name, defaultMode: ownerAndGroupRead },
          },
          {
            name: "certificate",
            secret: { secretName: certificate.metadata.name, defaultMode: ownerAndGroupRead },
          },
        ],
      },
      { parent: this },
    );
  }

  #expose(host: string): pulumi.Output<string> {
    const service = new kubernetes.core.v1.Service(
      "mosquitto-public",
      {
        metadata: this.metadata("mqtt-public"),
        spec: {
          // k3s serves it on port 8883 of its nodes. From any node, not only from the broker's own (`externalTrafficPolicy: Local`): devices come
          // to the ingress nodes, and the broker's one pod may run elsewhere.
          type: "LoadBalancer",
          selector: selectorLabels(this.systemName),
          ports: servicePorts({ mqtts: mqttsPort }),
        },
      },
      { parent: this },
    );
    return service.metadata.apply(() => `mqtts://${host}:${mqttsPort}`);
  }

  #openEdges(args: MosquittoArgs): void {
    const inside = args.clients.map((peer) => ({ peer, port: mqttPort }));
    const outside = args.options.expose ? [{ peer: { kind: "world" } as const, port: mqttsPort }] : [];
    networkAccess(
      "mosquitto",
      {
        metadata: this.metadata("mosquitto"),
        selector: selectorLabels(this.systemName),
        from: [...inside, ...outside],
      },
      { parent: this },
    );
  }
}

/** 0440: the broker warns of password files that the world may read, and will refuse them one day. */
const ownerAndGroupRead = 0o440;

/** Measured needs are far below; the limit leaves room for queued messages of some hundred devices. */
const mosquittoResources = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "500m", memory: "128Mi" },
} as const;
