import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Sized } from "../../../config/systems.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { checksum } from "../../kit/checksum.ts";
import { networkAccess, type Peer } from "../../kit/network-access.ts";
import { generatedPassword } from "../../kit/password.ts";
import { publicAddress, type IngressSettings } from "../../kit/public-address.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { administrator, databaseKeys, phpHash, seedFiles, type Seeding } from "./administrator.ts";
import { registerAgents } from "./registration.ts";
import type { ZabbixOptions } from "./options.ts";
import { zabbixRendering } from "./rendering.ts";
import { zabbixPorts, zabbixServices, zabbixValues, zabbixWeb } from "./values.ts";

export interface ZabbixArgs {
  readonly place: ChartPlace;
  readonly options: Sized<ZabbixOptions>;
  /** Image of the Job that asks the API. */
  readonly curlImage: string;
  readonly host: string;
  /** How the pages are published; undefined on a cluster without ingress. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
}

/** Names of what the chart is told to read. */
const names = {
  database: "zabbix-database",
  administrator: "zabbix-administrator",
  files: "zabbix-seed",
  claim: "zabbix-database",
} as const;

/**
 * Zabbix: watches nodes and what else people add, with an agent on every node, and a database of its own.
 *
 * Zabbix begins with a password that everybody knows. Its pages are only started once the generated one is in its place: see
 * `administrator.ts`; and only then is there a way to them.
 */
export class Zabbix extends ChartSystem {
  /** Address of the pages; undefined on a cluster without ingress. */
  readonly url: pulumi.Output<string> | undefined;
  /** The administrator's password, by account; secret. */
  readonly accounts: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(args: ZabbixArgs) {
    super({ name: "zabbix", layer: "cluster" }, args.place);
    const password = generatedPassword("zabbix-administrator", { parent: this });
    this.accounts = pulumi.secret(
      password.result.apply((text): Record<string, string> => ({ [administrator]: text })),
    );
    const hash = password.bcryptHash.apply((text) => ({ hash: phpHash(text) }));
    const seeding: Seeding = { ...names, host: zabbixServices.database };
    this.#openEdges();
    this.install("zabbix", {
      values: zabbixValues({
        size: args.options.size,
        claim: names.claim,
        seeding,
        checksum: checksum(hash, seedFiles),
      }),
      rendering: zabbixRendering(args.options.size),
      dependsOn: [
        this.#createDatabaseAccess(),
        this.#claimVolume(args.options.storage),
        ...this.#createSeed(hash),
      ],
    });
    registerAgents(
      {
        image: args.curlImage,
        api: `http://${zabbixWeb.name}/api_jsonrpc.php`,
        password: password.result,
        metadata: (name) => this.metadata(name, "zabbix-registration"),
      },
      { parent: this, dependsOn: [...this.charts] },
    );
    this.url = args.ingress && this.#publish(args, args.ingress);
    this.registerOutputs({ url: this.url });
  }

  #createDatabaseAccess(): pulumi.Resource {
    const { database, password, user } = databaseKeys;
    const { result } = generatedPassword("zabbix-database", { parent: this });
    const texts = result.apply((text) => ({ [user]: "zabbix", [password]: text, [database]: "zabbix" }));
    return secretObject(names.database, this.metadata(names.database), texts, { parent: this });
  }

  #claimVolume(storage: ZabbixOptions["storage"]): pulumi.Resource {
    return new kubernetes.core.v1.PersistentVolumeClaim(
      names.claim,
      {
        metadata: this.metadata(names.claim),
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
      },
      { parent: this },
    );
  }

  #createSeed(hash: pulumi.Output<{ readonly hash: string }>): pulumi.Resource[] {
    const options = { parent: this };
    return [
      secretObject(names.administrator, this.metadata(names.administrator), hash, options),
      new kubernetes.core.v1.ConfigMap(
        names.files,
        { metadata: this.metadata(names.files), data: { ...seedFiles } },
        options,
      ),
    ];
  }

  /** Agents call the server from their nodes' network, which policies cannot name. */
  #openEdges(): void {
    const itself = { kind: "namespace", namespace: this.namespace } as const;
    const own = [zabbixPorts.database, zabbixPorts.server, zabbixPorts.web].map((port) => ({
      peer: itself,
      port,
    }));
    this.openEdges({ from: [...own, { peer: { kind: "world" }, port: zabbixPorts.server }], to: own });
  }

  /** After the chart, whose pages are up when the administrator has the generated password. */
  #publish({ host, ingressController }: ZabbixArgs, ingress: IngressSettings): pulumi.Output<string> {
    const way = networkAccess(
      "zabbix-pages",
      {
        metadata: this.metadata("zabbix-pages"),
        selector: {},
        from: [{ peer: ingressController, port: zabbixPorts.web }],
      },
      { parent: this, dependsOn: [...this.charts] },
    );
    const name = way.metadata.apply(() => zabbixWeb.name);
    return publicAddress(
      "zabbix",
      { metadata: this.metadata("zabbix"), host, service: { name, port: zabbixWeb.port }, ingress },
      { parent: this },
    );
  }
}
