import { toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { checksum } from "../../kit/checksum.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { influxdbPort } from "../influxdb/container.ts";
import type { Influxdb } from "../influxdb/influxdb.ts";
import { telegrafRendering, telegrafValues } from "./values.ts";

export interface TelegrafArgs {
  readonly place: ChartPlace;
  /** Where it writes. */
  readonly influxdb: Influxdb;
}

/** Where every node's kubelet answers. */
const kubeletPort = 10250;

/** Telegraf: measures nodes, pods and workloads, and writes it to InfluxDB. */
export class Telegraf extends ChartSystem {
  constructor({ influxdb, place }: TelegrafArgs) {
    super({ name: "telegraf", layer: "cluster" }, place);
    const { bucket, organization, token, endpoint } = influxdb.connection;
    const secret = { name: "telegraf-influxdb", key: "token" };
    const texts = token.apply((text) => ({ [secret.key]: text }));
    const credentials = secretObject(secret.name, this.metadata(secret.name), texts, { parent: this });
    this.install("telegraf", {
      values: telegrafValues({ url: endpoint, organization, bucket, secret, checksum: checksum(texts) }),
      rendering: telegrafRendering,
      dependsOn: [credentials, influxdb],
    });
    this.openEdges({
      from: [],
      to: [
        ...toApiServer,
        { peer: { kind: "world" }, port: kubeletPort },
        { peer: { kind: "namespace", namespace: influxdb.namespace }, port: influxdbPort },
      ],
    });
    this.registerOutputs();
  }
}
