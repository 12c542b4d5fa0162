import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectStoreOptions } from "../../../platform/storage/object-store/options.ts";
import type { ObjectStoreConsumer } from "../../../platform/storage/object-store/users.ts";
import { ObjectStore } from "../../../platform/storage/object-store/object-store.ts";
import { valueOf, type Registered } from "../../support/components.ts";
import { inputsOf } from "./storage-program.ts";

/** An object store that MLflow keeps objects in, watched by Prometheus, and what it gives to a system. */
async function build(consumer: ObjectStoreConsumer) {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const properties = inputs as Record<string, unknown>;
        resources.push({ type, name, inputs: properties });
        return {
          id: `${name}-id`,
          state: { ...properties, result: "generated", certPem: "certificate", privateKeyPem: "key" },
        };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "uap",
    "test",
    false,
  );
  const provider = new kubernetes.Provider("cluster");
  const store = new ObjectStore({
    place: { provider, namespace: pulumi.output("seaweedfs"), charts: { source: "upstream" } },
    options: { ...objectStoreOptions.parse({ buckets: [] }), size: "small" },
    consumers: ["mlflow"],
    clients: [{ kind: "namespace", namespace: "ml" }],
    aliasNamespaces: [],
    host: "minio.data.test.localhost",
    ingress: undefined,
    ingressController: { kind: "world" },
    copyTarget: undefined,
    curlImage: "curl",
    monitoring: { charts: [], namespace: pulumi.output("monitoring") },
  });
  const grant = store.grant(consumer, metadata, { parent: store });
  // All that is told of the grant is known when its resources are: the Job is the last.
  const [secretName] = await Promise.all([valueOf(grant.secretName), valueOf(grant.buckets.urn)]);
  await pulumi.runtime.disconnect();
  return { resources, secretName, port: grant.edge.port };
}

const metadata = { name: "mlflow-objects", namespace: pulumi.output("ml"), labels: {} };

describe("a system that keeps objects", () => {
  it("gets its keys in its own namespace, by the names that S3's clients read", async () => {
    const grant = await build("mlflow");
    const { data, metadata: own } = inputsOf(grant, ":Secret", "mlflow-objects") as {
      data: { value?: Record<string, string> } & Record<string, string>;
      metadata: { namespace: string };
    };
    const texts = Object.fromEntries(
      Object.entries(data.value ?? data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]),
    );
    assert.deepEqual(texts, {
      AWS_ACCESS_KEY_ID: "mlflow-generated",
      AWS_SECRET_ACCESS_KEY: "generated",
      AWS_ENDPOINT_URL: "http://minio.seaweedfs:9000",
      AWS_REGION: "us-east-1",
    });
    assert.equal(own.namespace, "ml");
    assert.equal(grant.secretName, "mlflow-objects");
    assert.equal(grant.port, 9000);
  });

  it("has its buckets made, and the gateways let it in", async () => {
    const run = await build("mlflow");
    const job = JSON.stringify(inputsOf(run, ":Job", "object-store-buckets"));
    assert.match(job, /for bucket in mlflow; do/);
    const policy = JSON.stringify(inputsOf(run, ":NetworkPolicy", "minio"));
    assert.match(policy, /"kubernetes\.io\/metadata\.name":"ml"/);
  });

  it("must be known from the beginning", () =>
    assert.rejects(build("hive"), /hive is not among the consumers/));
});

describe("a watched object store", () => {
  it("is asked for metrics, and has a page in Grafana", async () => {
    const run = await build("mlflow");
    const { spec } = inputsOf(run, ":PodMonitor", "object-store") as {
      spec: { podMetricsEndpoints: readonly { port: string }[] };
    };
    assert.equal(spec.podMetricsEndpoints[0]?.port, "metrics");
    inputsOf(run, ":ConfigMap", "object-store-dashboard");
  });
});
