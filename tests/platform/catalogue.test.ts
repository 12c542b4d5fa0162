import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { z } from "zod";
import { presets } from "../../config/presets.ts";
import { catalogueMistakes } from "../../config/systems.ts";
import { catalogue, rowOf } from "../../platform/catalogue.ts";
import { cataloguePage, pageLocation } from "../../platform/docs.ts";

type Name = keyof typeof catalogue;

const names = Object.keys(catalogue) as Name[];
const built = names.flatMap((name) => {
  const row = rowOf(name);
  return row.planned ? [] : [{ name, row }];
});

describe("the catalogue", () => {
  it("names only systems that it has", () => {
    assert.deepEqual(catalogueMistakes(catalogue), []);
  });

  it("has a row for every system of every preset", () => {
    const missing = Object.values(presets)
      .flat()
      .filter((name) => !Object.hasOwn(catalogue, name));
    assert.deepEqual([...new Set(missing)], []);
  });

  it("pins every image by a tag that does not move", () => {
    const images = built.flatMap(({ row }) => Object.values(row.images ?? {}));
    assert.ok(images.length > 0);
    for (const image of images) assert.match(image, /^[a-z0-9.-]+\/[a-z0-9./-]+:v?\d+\.\d+\.\d+(-[a-z]+)?$/);
  });

  it("names the charts of a system that is installed by charts, and only of those", () => {
    for (const { name, row } of built)
      assert.equal((row.charts ?? []).length > 0, row.form === "chart", name);
  });

  it("gives every host name to one system", () => {
    const hosts = built.flatMap(({ row }) =>
      row.service === undefined ? [] : [`${row.service}.${row.namespace ?? ""}`],
    );
    assert.deepEqual(hosts, [...new Set(hosts)]);
  });

  it("asks for something with the default options of every system", () => {
    for (const { name, row } of built) {
      const { cpu, memory } = row.budget({ ...row.options.parse(row.example ?? {}), size: "large" });
      assert.match(`${cpu} ${memory}`, /^\d+(\.\d+)?m? \d+(\.\d+)?[KMGT]i$/, name);
    }
  });
});

/** Options without a description, which an error about them needs to say what belongs there, by path. */
function undescribed(schema: z.core.$ZodType, path: string, isSaid = false): string[] {
  const described = isSaid || (schema as z.ZodType).description !== undefined;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const own = described ? [] : [path];
  if (def.type === "optional" || def.type === "default" || def.type === "prefault")
    return undescribed(def.innerType, path, described);
  if (def.type === "pipe") return undescribed(def.in, path, described);
  if (def.type === "array") return [...own, ...undescribed(def.element, `${path}[]`, isMap(def.element))];
  if (def.type === "record") return [...own, ...undescribed(def.valueType, `${path}[key]`, described)];
  if (def.type === "union")
    return [...own, ...def.options.flatMap((option) => undescribed(option, path, true))];
  if (def.type === "object")
    return [
      ...own,
      ...Object.entries(def.shape).flatMap(([key, inner]) => undescribed(inner, `${path}.${key}`)),
    ];
  // The word that chooses a form of a map needs none: an error lists all of them.
  return def.type === "literal" ? [] : own;
}

/** The entries of a list of maps are described by the list, and by their keys. */
function isMap(schema: z.core.$ZodType): boolean {
  return ["object", "union"].includes((schema as z.core.$ZodTypes)._zod.def.type);
}

describe("the options of every system", () => {
  for (const { name, row } of built)
    it(`say what belongs there: ${name}`, () => {
      assert.deepEqual(undescribed(row.options, name, true), []);
    });
});

describe("the page of the catalogue", () => {
  const page = cataloguePage();

  it("is the one in docs/ (`node platform/docs.ts` rewrites it)", () => {
    assert.equal(readFileSync(pageLocation, "utf8"), page);
  });

  it("names every system", () => {
    for (const name of names) assert.ok(page.includes(`\`${name}\``), name);
  });
});

/** The systems that stand for a row of the design's own list, by the beginning of the row; none where no system of its own does. */
const listed: Readonly<Record<string, readonly Name[]>> = {
  ingress: ["ingress"],
  "cert-manager": ["cert-manager"],
  "namespaces, RBAC": ["namespaces"],
  monitoring: ["monitoring", "telegraf", "influxdb", "zabbix"],
  "WireGuard mesh": [],
  Kilo: ["kilo"],
  NVIDIA: ["nvidia"],
  secrets: ["sealed-secrets", "openbao"],
  "logs, tracing": ["fluent-bit", "jaeger", "istio"],
  "upgrades, backups": ["system-upgrade-controller", "velero"],
  autoscaling: ["keda"],
  "Rook Ceph": ["rook-ceph"],
  "light replicated": ["longhorn"],
  "local-path, NFS": ["local-path", "nfs"],
  "storage class roles": [],
  MinIO: ["object-store"],
  "bucket events": ["object-events"],
  PostgreSQL: ["postgresql"],
  MySQL: ["mysql"],
  Cassandra: ["cassandra"],
  ZooKeeper: ["zookeeper"],
  "Kafka, Connect": ["kafka", "kafka-connect", "mirror-maker"],
  "Schema Registry": ["schema-registry"],
  Mosquitto: ["mosquitto"],
  "Elasticsearch, Kibana": ["elasticsearch", "kibana", "logstash"],
  Keycloak: ["keycloak"],
  JupyterHub: ["jupyterhub"],
  "Hive metastore": ["hive"],
  Presto: ["trino"],
  NiFi: ["nifi"],
  OpenFaaS: ["knative"],
  Airflow: ["airflow"],
  Spark: ["spark"],
  Amundsen: ["openmetadata"],
  smon: ["smon"],
  hrdump: ["hrdump"],
  compressor: ["compressor"],
  MLflow: ["mlflow"],
  "Seldon Core": ["kserve"],
  Kubeflow: ["kubeflow-trainer", "katib", "kubeflow-pipelines"],
  "Argo Workflows": ["argo-workflows"],
  bootnodes: ["besu", "ethstats"],
  "`last-block`": ["last-block"],
  "GitLab CE": ["gitlab"],
  "GitLab Runner": ["gitlab-runner", "buildkit"],
  Jenkins: ["jenkins", "argo-cd"],
  "Argo CD, Flux": ["argo-cd", "flux", "flagger"],
  Harbor: ["harbor"],
  "policy in the cluster": ["kyverno"],
  "portal, cost": ["portal", "opencost"],
};

const list = resolve(import.meta.dirname, "..", "..", "..", join("shared", "spec", "catalogue.md"));

describe("the design's list of systems", () => {
  it("is in the catalogue as a whole, each in its layer", function () {
    if (!existsSync(list)) this.skip();
    const rows = [
      ...readFileSync(list, "utf8").matchAll(/^\| (cluster|storage|data|ml|chain|devops) \| ([^|]+) \|/gm),
    ];
    assert.ok(rows.length >= 50, `${rows.length} rows`);
    for (const [, layer, title = ""] of rows) {
      const stands = Object.entries(listed).find(([beginning]) => title.startsWith(beginning));
      assert.ok(stands, `nothing stands for "${title}"`);
      for (const name of stands[1]) assert.equal(rowOf(name).layer, layer, name);
    }
  });
});
