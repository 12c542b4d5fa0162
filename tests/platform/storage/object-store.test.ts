import assert from "node:assert/strict";
import { parse } from "yaml";
import { sizes, type Size } from "../../../config/systems.ts";
import { objectStoreOptions } from "../../../platform/storage/object-store/options.ts";
import { objectStoreBudget, objectStoreRendering } from "../../../platform/storage/object-store/rendering.ts";
import { objectStoreValues } from "../../../platform/storage/object-store/values.ts";
import { runProgram, type MockRun } from "../../support/mock-engine.ts";
import { assertChartValues } from "../charts/chart-values.ts";
import { factsOf, needsFacts } from "../charts/facts.ts";
import { inputsOf, runWith, settingsWith } from "./storage-program.ts";

const options = (size: Size, changes: Record<string, unknown> = {}) => ({
  ...objectStoreOptions.parse(changes),
  size,
});

interface Values {
  readonly master: { readonly replicas: number; readonly defaultReplication: string };
  readonly volume: { readonly replicas: number; readonly dataDirs: readonly Record<string, unknown>[] };
  readonly filer: { readonly replicas: number; readonly data: Record<string, unknown> };
}
const values = (size: Size) => objectStoreValues({ options: options(size) }) as unknown as Values;

describe("the object store's chart", () => {
  it("gets values that it has, at every size", function () {
    const folder = needsFacts(this);
    for (const size of sizes) assertChartValues(folder, "seaweedfs", values(size));
  });

  it("claims volumes where its default is a folder of the node", function () {
    const { workloads } = factsOf(needsFacts(this), "seaweedfs") as unknown as {
      workloads: readonly { readonly hostPath: readonly string[] }[];
    };
    assert.ok(workloads.every(({ hostPath }) => hostPath.length > 0));
    const { filer, volume } = values("small");
    assert.deepEqual(filer.data, { type: "persistentVolumeClaim", size: "5Gi" });
    assert.deepEqual(volume.dataDirs, [
      { name: "data1", type: "persistentVolumeClaim", size: "20Gi", maxVolumes: 0 },
    ]);
  });

  it("keeps every object twice as soon as there are servers for it, and never two filers", () => {
    const told = (size: Size) => {
      const { filer, master, volume } = values(size);
      return [master.replicas, volume.replicas, filer.replicas, master.defaultReplication];
    };
    assert.deepEqual(sizes.map(told), [
      [1, 1, 1, "000"],
      [3, 3, 1, "001"],
      [3, 4, 1, "001"],
    ]);
  });

  it("repairs, spreads and cleans what it keeps, and gives volumes of a smaller size their second copy", () => {
    const scripts = (size: Size) =>
      /scripts = """\n([^]*?)\n"""/
        .exec((values(size).master as { config?: string }).config ?? "")?.[1]
        ?.split("\n");
    const common = [
      "volume.deleteEmpty -quietFor=24h -apply",
      "volume.balance -apply",
      "volume.fix.replication -apply",
      "s3.clean.uploads -timeAgo=24h",
    ];
    assert.deepEqual(scripts("small"), ["lock", ...common, "unlock"]);
    assert.deepEqual(scripts("medium"), [
      "lock",
      "volume.configure.replication -collectionPattern=* -replication=001",
      ...common,
      "unlock",
    ]);
  });

  it("puts no two servers on one node while there is another", () => {
    const { volume } = values("medium") as unknown as { volume: { topologySpreadConstraints: string } };
    const [constraint] = parse(volume.topologySpreadConstraints) as Record<string, unknown>[];
    assert.equal(constraint?.whenUnsatisfiable, "DoNotSchedule");
    // Nodes that nothing may run on would count as empty ones for ever.
    assert.equal(constraint.nodeTaintsPolicy, "Honor");
  });

  it("asks for what its parts, its gateways and their volumes ask for", () => {
    assert.deepEqual(objectStoreBudget(options("small")), { cpu: "350m", memory: "576Mi", storage: "26Gi" });
    assert.deepEqual(objectStoreBudget(options("large", { storage: "10Gi", copy: "mirror" })), {
      cpu: "1010m",
      memory: "1680Mi",
      storage: "48Gi",
    });
    const { workloads } = objectStoreRendering("large");
    assert.equal(Object.values(workloads ?? {}).length, 3);
  });
});

interface Policy {
  readonly spec: {
    readonly ingress: readonly { readonly from: unknown[]; readonly ports: { port: number }[] }[];
    readonly egress?: readonly { readonly to: unknown[]; readonly ports: { port: number }[] }[];
  };
}

describe("an object store in a stack", () => {
  let run: MockRun;
  before(async () => {
    const users = [{ name: "loader", write: ["upload"] }];
    run = await runWith({ mosquitto: true, "object-store": { users, size: "medium" } });
  });

  it("is found as minio:9000 where users' programs run", () => {
    const { metadata: own, spec: ports } = inputsOf(run, ":Service", "minio") as {
      metadata: { name: string; namespace: string };
      spec: { ports: unknown };
    };
    assert.deepEqual([own.name, own.namespace], ["minio", "seaweedfs"]);
    assert.deepEqual(ports.ports, [{ name: "http", port: 9000, targetPort: "http" }]);
    for (const name of ["minio", "minio-hl", "minio-internal-service"]) {
      const { metadata, spec } = inputsOf(run, ":Service", `${name}-alias-1`);
      const { namespace, name: alias } = metadata as { namespace: string; name: string };
      assert.deepEqual([alias, namespace], [name, "data"]);
      assert.deepEqual(spec, {
        type: "ExternalName",
        externalName: "minio.seaweedfs.svc.cluster.local",
      });
    }
  });

  it("is published behind TLS, and leaves the login to its own signatures", () => {
    const { metadata, spec } = inputsOf(run, ":Ingress", "minio") as {
      metadata: { annotations: Record<string, string> };
      spec: { tls: { hosts: string[] }[] };
    };
    assert.deepEqual(
      spec.tls.flatMap(({ hosts }) => hosts),
      ["minio.data.local.localhost"],
    );
    assert.equal(metadata.annotations["traefik.ingress.kubernetes.io/router.tls"], "true");
    assert.ok(!("traefik.ingress.kubernetes.io/router.middlewares" in metadata.annotations));
  });

  it("opens its gateways to users' programs and to the ingress, and its other parts to itself", () => {
    const gateway = inputsOf(run, ":NetworkPolicy", "minio") as unknown as Policy;
    assert.deepEqual(
      [...new Set(gateway.spec.ingress.flatMap(({ ports }) => ports))].map(({ port }) => port),
      [9000, 9000],
    );
    const parts = inputsOf(run, ":NetworkPolicy", "object-store") as unknown as Policy;
    const itself = [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "seaweedfs" } } }];
    for (const { from } of parts.spec.ingress) assert.deepEqual(from, itself);
    for (const { to } of parts.spec.egress ?? []) assert.deepEqual(to, itself);
    assert.deepEqual(
      parts.spec.ingress.map(({ ports }) => ports[0]?.port),
      [9333, 19333, 8080, 18080, 8888, 18888],
    );
  });

  it("may lose one pod of each replicated part at a time", () => {
    const budgets = run.resources.filter(({ type }) => type.endsWith(":PodDisruptionBudget"));
    const names = budgets.map(({ name }) => name).filter((name) => /seaweedfs|minio/.test(name));
    assert.deepEqual(names.sort(), ["minio", "seaweedfs-master", "seaweedfs-volume"]);
  });

  it("tells other stacks how to read, and its operators their keys", () => {
    const { credentials, objectStore } = run.outputs as {
      credentials: Record<string, Record<string, string>>;
      objectStore: Record<string, unknown>;
    };
    assert.deepEqual(Object.keys(objectStore), ["endpoint", "region", "buckets", "accessKey", "secretKey"]);
    assert.equal(objectStore.endpoint, "https://minio.data.local.localhost");
    assert.match(String(objectStore.accessKey), /^reader-/);
    assert.deepEqual(
      Object.keys(credentials["object-store"] ?? {}).map((key) => key.split("-")[0]),
      ["sysop", "loader"],
    );
  });
});

describe("a copy of the object store", () => {
  const s3 = {
    endpoint: "https://s3.example.org:8443",
    bucket: "saved",
    accessKey: "id-of-the-target",
    secretKey: "secret-of-the-target",
  };
  const withCopy = (copy: string, backup: unknown) =>
    runProgram("dev5", {
      "uap:domain": "example.org",
      "uap:pools": [
        { name: "master", cloud: "hetzner", region: "nbg1", type: "cpx42", count: 1, role: "control-plane" },
      ],
      "uap:dns": { provider: "hetzner" },
      "uap:acme": { email: "ops@example.org" },
      "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
      "uap:backup": backup,
      "uap:platform": {
        preset: "minimal",
        systems: { portal: false, "object-store": { copy } },
      },
    });

  it("goes to the service of uap:backup.s3, and there alone", async () => {
    const run = await withCopy("by-day", { s3 });
    const policy = inputsOf(run, ":NetworkPolicy", "object-store-copy") as unknown as Policy;
    assert.deepEqual(policy.spec.egress, [
      { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ protocol: "TCP", port: 8443 }] },
    ]);
    assert.equal(
      JSON.stringify(inputsOf(run, ":Deployment", "object-store-copy")).includes("of-the-target"),
      false,
    );
  });

  it("is refused when nothing says where to", () =>
    assert.rejects(withCopy("mirror", {}), /copies objects to uap:backup\.s3, which is not set\./));

  it("is off unless asked for", async () => {
    const { resources } = await runProgram("local", settingsWith({ "object-store": true }));
    assert.deepEqual(
      resources.filter(({ name }) => name === "object-store-copy"),
      [],
    );
  });
});
