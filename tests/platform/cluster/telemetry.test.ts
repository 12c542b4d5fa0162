import assert from "node:assert/strict";
import { parse } from "yaml";
import { fluentBitConfiguration, fluentBitValues } from "../../../platform/cluster/fluent-bit/values.ts";
import { influxdbContainer, influxdbSettings } from "../../../platform/cluster/influxdb/container.ts";
import { jaegerConfiguration, jaegerValues } from "../../../platform/cluster/jaeger/values.ts";
import { telegrafValues } from "../../../platform/cluster/telegraf/values.ts";
import { datasourceText } from "../../../platform/kit/dashboard.ts";
import { assertChartValues, valueAt } from "../charts/chart-values.ts";
import { needsFacts } from "../charts/facts.ts";
import { telegrafOptions, telegrafVersion } from "./telegraf-options.ts";

const store = {
  host: "elasticsearch.data",
  port: 9200,
  account: "fluent-bit",
  secret: "fluent-bit-elasticsearch",
  checksum: "abc",
};

describe("Fluent Bit", () => {
  it("reads every container's log but its own, and remembers how far", () => {
    assert.equal(
      fluentBitConfiguration(undefined).inputs,
      [
        "[INPUT]",
        "    Name             tail",
        "    Tag              kube.*",
        "    Path             /var/log/containers/*.log",
        "    Exclude_Path     /var/log/containers/fluent-bit-*",
        "    multiline.parser docker, cri",
        "    DB               /var/lib/fluent-bit/containers.db",
        "    Skip_Long_Lines  On",
        "    storage.type     filesystem",
        "",
      ].join("\n"),
    );
  });

  it("bounds its memory by what bounds it where the buffer is on disk", () => {
    const { inputs, service } = fluentBitConfiguration(undefined);
    assert.match(service, /^ {4}storage\.max_chunks_up +32$/m);
    assert.match(service, /^ {4}storage\.backlog\.mem_limit +16M$/m);
    assert.doesNotMatch(inputs, /Mem_Buf_Limit/);
  });

  it("sends them to Elasticsearch over TLS, with a password that stands in no text", () => {
    const { outputs } = fluentBitConfiguration(store);
    assert.match(outputs, /^ {4}Host +elasticsearch\.data$/m);
    assert.match(outputs, /^ {4}tls +On$/m);
    assert.match(outputs, /^ {4}HTTP_Passwd +\$\{ELASTICSEARCH_PASSWORD\}$/m);
  });

  it("writes them to its own output without Elasticsearch", () => {
    assert.match(fluentBitConfiguration(undefined).outputs, /^ {4}Name +stdout$/m);
    assert.equal(valueAt(fluentBitValues(undefined), "env"), undefined);
  });

  it("changes nothing on the node but its own folder", () => {
    const mounts = valueAt(fluentBitValues(store), "daemonSetVolumeMounts") as {
      mountPath: string;
      readOnly?: boolean;
    }[];
    assert.deepEqual(
      mounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath),
      ["/var/lib/fluent-bit"],
    );
  });

  it("has values that its chart knows", function () {
    const folder = needsFacts(this);
    assertChartValues(folder, "fluent-bit", fluentBitValues(store));
    assertChartValues(folder, "fluent-bit", fluentBitValues(undefined));
  });
});

describe("Jaeger", () => {
  it("keeps traces on its volume, for as long as it is told", () => {
    const backend = "extensions.jaeger_storage.backends.disk.badger";
    assert.deepEqual(valueAt(jaegerConfiguration("3d"), backend), {
      ephemeral: false,
      directories: { keys: "/badger/keys", values: "/badger/values" },
      ttl: { spans: "259200s" },
    });
  });

  it("starts anew when its configuration changes, since nobody tells a pod that runs", () => {
    const checksum = (retention: "1d" | "3d") =>
      valueAt(jaegerValues({ claim: "jaeger-traces", retention }), "jaeger.podLabels.uap\\.dev/checksum");
    assert.match(String(checksum("3d")), /^[0-9a-f]{32}$/);
    assert.equal(checksum("3d"), checksum("3d"));
    assert.notEqual(checksum("1d"), checksum("3d"));
  });

  it("uses nothing in its pipeline that is not configured, nor the other way round", () => {
    const configuration = jaegerConfiguration("3d");
    const pipeline = valueAt(configuration, "service.pipelines.traces") as Record<string, string[]>;
    for (const [part, names] of Object.entries(pipeline))
      assert.deepEqual(Object.keys(valueAt(configuration, part) as object), names, part);
    const extensions = valueAt(configuration, "service.extensions") as string[];
    assert.deepEqual(Object.keys(configuration.extensions as object).sort(), [...extensions].sort());
  });

  it("has values that its chart knows", function () {
    const values = jaegerValues({ claim: "jaeger-traces", retention: "12h" });
    assertChartValues(needsFacts(this), "jaeger", values);
  });
});

describe("InfluxDB", () => {
  it("is set up with an organization, a bucket and what it forgets", () => {
    assert.deepEqual(influxdbSettings("30d"), {
      DOCKER_INFLUXDB_INIT_MODE: "setup",
      DOCKER_INFLUXDB_INIT_USERNAME: "admin",
      DOCKER_INFLUXDB_INIT_ORG: "uap",
      DOCKER_INFLUXDB_INIT_BUCKET: "metrics",
      DOCKER_INFLUXDB_INIT_RETENTION: "2592000s",
      INFLUXD_REPORTING_DISABLED: "true",
    });
  });

  it("takes the password and the token from a Secret", () => {
    const { env = [] } = influxdbContainer(
      "example.org/influxdb:2.7.12",
      { retention: "30d", size: "small" },
      "influxdb",
    );
    const secret = env.flatMap((variable) => ("valueFrom" in variable ? [variable] : []));
    assert.deepEqual(secret, [
      {
        name: "DOCKER_INFLUXDB_INIT_PASSWORD",
        valueFrom: { secretKeyRef: { name: "influxdb", key: "admin-password" } },
      },
      {
        name: "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN",
        valueFrom: { secretKeyRef: { name: "influxdb", key: "admin-token" } },
      },
    ]);
  });

  it("is a source that Grafana reads", () => {
    const source = { name: "InfluxDB", type: "influxdb", url: "http://influxdb.influxdb:8086" } as const;
    assert.deepEqual(parse(datasourceText({ ...source, secureJsonData: { token: "t" } })), {
      apiVersion: 1,
      datasources: [{ ...source, secureJsonData: { token: "t" }, access: "proxy", editable: false }],
    });
  });
});

describe("Telegraf", () => {
  const values = telegrafValues({
    url: "http://influxdb.influxdb:8086",
    organization: "uap",
    bucket: "metrics",
    secret: { name: "telegraf-influxdb", key: "token" },
    checksum: "sum",
  });

  it("writes to InfluxDB with a token from a Secret", () => {
    assert.deepEqual(valueAt(values, "config.outputs"), [
      {
        influxdb_v2: {
          urls: ["http://influxdb.influxdb:8086"],
          token: "$INFLUX_TOKEN",
          organization: "uap",
          bucket: "metrics",
        },
      },
    ]);
  });

  it("gives its plugins no option that they do not have: one is enough to keep it from starting", () => {
    for (const kind of ["inputs", "outputs"] as const) {
      const plugins = valueAt(values, `config.${kind}`) as readonly Readonly<Record<string, object>>[];
      for (const [plugin, options] of plugins.flatMap((one) => Object.entries(one))) {
        const known = telegrafOptions[`${kind}.${plugin}`];
        assert.ok(known, `tests/platform/cluster/telegraf-options.ts knows no ${kind}.${plugin}`);
        assert.deepEqual(
          Object.keys(options).filter((option) => !known.includes(option)),
          [],
          plugin,
        );
      }
    }
    assert.equal(valueAt(values, "image.tag"), `${telegrafVersion}-alpine`);
  });

  it("calls nodes' usage and nodes' state by different names, so that no series has fields of both", () => {
    const inputs = valueAt(values, "config.inputs") as readonly Readonly<Record<string, object>>[];
    const usage = inputs.map((input) => valueAt(input, "kubernetes.node_metric_name")).find(Boolean);
    // What `kube_inventory` writes of nodes, and `kubernetes` too unless told otherwise.
    assert.notEqual(usage ?? "kubernetes_node", "kubernetes_node");
  });

  it("starts anew when its token changes", () => {
    assert.equal(valueAt(values, "podAnnotations.uap\\.dev/checksum"), "sum");
  });

  it("may read, and nothing else", () => {
    const rules = valueAt(values, "rbac.rules") as { resources: string[]; verbs: string[] }[];
    assert.deepEqual([...new Set(rules.flatMap(({ verbs }) => verbs))].sort(), ["get", "list", "watch"]);
    // Whoever may use a kubelet's proxy may run programs in its containers.
    assert.ok(!rules.some(({ resources }) => resources.includes("nodes/proxy")));
  });

  it("has values that its chart knows", function () {
    assertChartValues(needsFacts(this), "telegraf", values);
  });
});
