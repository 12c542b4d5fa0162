import assert from "node:assert/strict";
import { catalogue } from "../../../platform/catalogue.ts";
import { lockedChart } from "../../../platform/charts/lock.ts";
import { blockClass, cephNames, sharedClass } from "../../../platform/storage/rook-ceph/classes.ts";
import {
  cephClusterSpec,
  cephFilesystemSpec,
  cephObjectStoreSpec,
  cephPool,
  cephStorage,
  managersPool,
  type CephClusterSettings,
} from "../../../platform/storage/rook-ceph/cluster.ts";
import { rookCephOptions, type CephDisks } from "../../../platform/storage/rook-ceph/options.ts";
import { rookCephBudget, rookCephRendering } from "../../../platform/storage/rook-ceph/rendering.ts";
import { driverDefaults, driversValues, rookCephValues } from "../../../platform/storage/rook-ceph/values.ts";
import { assertChartValues } from "../charts/chart-values.ts";
import { assertCustomResource } from "../charts/custom-objects.ts";
import { needsFacts } from "../charts/facts.ts";
import { inputsOf, runWith } from "./storage-program.ts";

const files: CephDisks = { kind: "files" };
const everyKind: readonly CephDisks[] = [
  files,
  { kind: "devices", pattern: "^sd[b-z]$" },
  { kind: "volumes", class: "hcloud-volumes", size: "40Gi", count: 3 },
];

function settings(changes: Partial<CephClusterSettings> = {}): CephClusterSettings {
  return {
    size: "small",
    options: { disks: files, objectStore: false },
    nodes: 3,
    hasPage: true,
    isMonitored: false,
    teardown: false,
    ...changes,
  };
}

describe("Ceph's charts", () => {
  it("get values that they have", function () {
    const folder = needsFacts(this);
    for (const disks of everyKind)
      assertChartValues(folder, "rook-ceph", rookCephValues({ options: { disks, objectStore: false } }));
    assertChartValues(folder, "ceph-csi-drivers", driversValues());
  });

  it("install no second operator of the CSI drivers, which Rook's chart brings", () => {
    assert.ok("Deployment/ceph-csi-controller-manager" in lockedChart("rook-ceph").workloads);
    assert.ok(!(catalogue["rook-ceph"].charts as readonly string[]).includes("ceph-csi-operator"));
  });

  it("name the drivers as the classes do", () => {
    const { drivers } = driversValues() as unknown as {
      drivers: Record<"rbd" | "cephfs", { name: string; enabled: boolean }>;
    };
    assert.deepEqual(
      [drivers.rbd.name, drivers.cephfs.name],
      [blockClass.provisioner, sharedClass.provisioner],
    );
  });
});

describe("Ceph's cluster", () => {
  it("passes the real definitions, on every kind of disk and at every size", function () {
    const folder = needsFacts(this);
    const check = (apiVersion: string, kind: string, spec: object) => {
      const metadata = { name: "test", namespace: "rook-ceph" };
      assertCustomResource(folder, { apiVersion, kind, metadata, spec });
    };
    const shapes = [
      settings({ nodes: 1, teardown: true }),
      settings({ size: "medium", nodes: 2, isMonitored: true }),
      settings({ size: "large", nodes: 5, hasPage: false }),
    ];
    for (const [index, shape] of shapes.entries()) {
      const disks = everyKind[index] ?? files;
      const whole = { ...shape, options: { disks, objectStore: true } };
      check("ceph.rook.io/v1", "CephCluster", cephClusterSpec(whole));
      check("ceph.rook.io/v1", "CephFilesystem", cephFilesystemSpec(whole));
      check("ceph.rook.io/v1", "CephObjectStore", cephObjectStoreSpec(whole));
      check("ceph.rook.io/v1", "CephBlockPool", cephPool(whole.nodes));
      check("csi.ceph.io/v1", "OperatorConfig", driverDefaults(whole));
    }
  });

  it("has copies and monitors by the number of nodes", () => {
    const of = (nodes: number) => {
      const { mon } = cephClusterSpec(settings({ nodes }));
      return [mon.count, cephPool(nodes).replicated.size, cephPool(nodes).failureDomain];
    };
    assert.deepEqual([1, 2, 3, 7].map(of), [
      [1, 1, "osd"],
      [1, 2, "host"],
      [3, 3, "host"],
      [3, 3, "host"],
    ]);
    assert.deepEqual(
      [1, 2, 3].map((nodes) => cephPool(nodes).parameters?.min_size),
      [undefined, "2", "2"],
    );
    assert.equal(cephPool(1).replicated.requireSafeReplicaSize, false);
    assert.equal(cephPool(2).replicated.requireSafeReplicaSize, true);
  });

  it("takes no disk that it was not given", () => {
    for (const disks of everyKind) {
      const storage = cephStorage(disks, 3);
      assert.notEqual((storage as { useAllDevices?: boolean }).useAllDevices, true);
    }
    assert.deepEqual(cephStorage({ kind: "devices", pattern: "^sd[b-z]$" }, 3), {
      useAllNodes: true,
      useAllDevices: false,
      deviceFilter: "^sd[b-z]$",
    });
    assert.deepEqual(cephStorage({ kind: "devices", pattern: "^/dev/disk/by-id/scsi-0HC_Volume_" }, 3), {
      useAllNodes: true,
      useAllDevices: false,
      devicePathFilter: "^/dev/disk/by-id/scsi-0HC_Volume_",
    });
  });

  it("gives the drivers keys that today's kernels can use, and does not warn of them for ever", () => {
    const { healthCheck, security } = cephClusterSpec(settings());
    assert.equal(security.cephx.csi.keyType, "aes");
    assert.deepEqual(healthCheck.muteHealthWarning, {
      AUTH_INSECURE_CLIENT_KEY_TYPE: { policy: "mute" },
      AUTH_INSECURE_KEYS_ALLOWED: { policy: "mute" },
      AUTH_INSECURE_KEYS_CREATABLE: { policy: "mute" },
      AUTH_INSECURE_ROTATING_SERVICE_KEY_TYPE: { policy: "mute" },
    });
  });

  it("is healthy on one node and on two: no pool has more copies than there are nodes", () => {
    const told = (nodes: number) => ({
      pool: managersPool(nodes).replicated.size,
      config: cephClusterSpec(settings({ nodes })).cephConfig?.global,
    });
    assert.deepEqual(told(1), {
      pool: 1,
      config: { osd_pool_default_size: "1", mon_warn_on_pool_no_redundancy: "false" },
    });
    assert.deepEqual(told(2), { pool: 2, config: { osd_pool_default_size: "2" } });
    assert.deepEqual(told(3), { pool: 3, config: undefined });
    assert.equal(managersPool(3).name, ".mgr");
  });

  it("gives its data up only when told to", () => {
    assert.deepEqual(cephClusterSpec(settings()).cleanupPolicy, {
      confirmation: "",
      allowUninstallWithVolumes: false,
    });
    assert.deepEqual(cephClusterSpec(settings({ teardown: true })).cleanupPolicy, {
      confirmation: "yes-really-destroy-data",
      allowUninstallWithVolumes: true,
    });
  });

  it("bounds every daemon by what the budget counts", () => {
    const { resources } = cephClusterSpec(settings());
    const added = rookCephRendering(settings()).added ?? [];
    for (const name of ["mon", "mgr", "osd", "exporter"]) {
      const [container] = added.find((workload) => workload.name === `rook-ceph-${name}`)?.containers ?? [];
      assert.deepEqual(
        container && { requests: container.requests, limits: container.limits },
        resources[name],
        name,
      );
    }
  });
});

describe("Ceph's options", () => {
  it("are files unless other disks are named", () => {
    assert.deepEqual(rookCephOptions.parse({}).disks, files);
    assert.deepEqual(rookCephOptions.parse({ disks: { kind: "volumes", class: "ebs" } }).disks, {
      kind: "volumes",
      class: "ebs",
      size: "40Gi",
      count: 3,
    });
    assert.ok(!rookCephOptions.safeParse({ disks: { kind: "devices", pattern: "sd[" } }).success);
    assert.ok(!rookCephOptions.safeParse({ disks: { kind: "tape" } }).success);
  });

  it("cost little by default, and volumes are claims", () => {
    assert.deepEqual(rookCephBudget("small", { disks: files, objectStore: false, toolbox: false }), {
      cpu: "810m",
      memory: "3Gi",
      perNode: { cpu: "285m", memory: "1346Mi" },
    });
    const volumes = { kind: "volumes", class: "ebs", size: "40Gi", count: 3 } as const;
    assert.equal(
      rookCephBudget("small", { disks: volumes, objectStore: false, toolbox: true }).storage,
      "120Gi",
    );
  });
});

describe("Ceph in a stack", () => {
  it("makes its classes, its page behind a login with a password of its own, and no object store unasked", async () => {
    const run = await runWith({ "rook-ceph": true });
    const names = run.resources.filter(({ type }) => type.endsWith(":StorageClass")).map(({ name }) => name);
    assert.deepEqual(names.sort(), ["rook-ceph-block", "rook-ceph-clusterfs"]);
    assert.equal((run.outputs.urls as Record<string, string>)["rook-ceph"], "https://ceph.local.localhost");
    assert.ok(run.resources.some(({ name }) => name === "ceph-page-tls"));
    assert.ok(!run.resources.some(({ name }) => name === "ceph-object-store"));
    const { parameters } = inputsOf(run, ":StorageClass", "rook-ceph-block") as {
      parameters: Record<string, string>;
    };
    assert.equal(parameters.pool, cephNames.blockPool);
    assert.equal(parameters["csi.storage.k8s.io/fstype"], "xfs");
  });

  it("serves S3 when asked, and uses raw disks without making files", async () => {
    const options = { objectStore: true, disks: { kind: "devices", pattern: "^nvme1n1$" } };
    const { resources } = await runWith({ "rook-ceph": options });
    const names = resources.map(({ name }) => name);
    assert.ok(names.includes("ceph-object-store") && names.includes("rook-ceph-bucket"));
    assert.ok(!names.includes("rook-ceph-files"));
  });

  it("lets programs of other namespaces claim buckets, and reach them", async () => {
    const values = (objectStore: boolean) => rookCephValues({ options: { disks: files, objectStore } });
    assert.equal(values(true).enableOBCWatchOperatorNamespace, false);
    assert.ok(!("enableOBCWatchOperatorNamespace" in values(false)));
    const run = await runWith({ "rook-ceph": { objectStore: true } });
    const { spec } = inputsOf(run, ":NetworkPolicy", "rook-ceph-gateway") as {
      spec: { podSelector: { matchLabels: object }; ingress: { ports: { port: number }[] }[] };
    };
    assert.deepEqual(spec.podSelector.matchLabels, { app: "rook-ceph-rgw" });
    assert.deepEqual(
      spec.ingress.flatMap(({ ports }) => ports.map(({ port }) => port)),
      [8080],
    );
  });

  it("keeps its operators until the nodes are clean, at the end with all data alone", async () => {
    const run = await runWith({ "rook-ceph": { teardown: true } });
    const { spec } = inputsOf(run, ":Deployment", "rook-ceph-cleanup") as {
      spec: { template: { spec: { containers: { lifecycle: { preStop: unknown } }[] } } };
    };
    assert.ok(spec.template.spec.containers[0]?.lifecycle.preStop);
    const { resources } = await runWith({ "rook-ceph": true });
    assert.ok(!resources.some(({ name }) => name === "rook-ceph-cleanup"));
  });

  it("lets nobody have a volume before it is ready, unless it is at its end", async () => {
    const waiting = async (options: unknown) =>
      (await runWith({ "rook-ceph": options })).resources
        .filter(({ inputs }) => {
          const { annotations } = (inputs.metadata ?? {}) as { annotations?: Record<string, string> };
          return annotations?.["pulumi.com/waitFor"] === "jsonpath={.status.phase}=Ready";
        })
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(await waiting({ objectStore: true }), [
      "ceph-block-pool",
      "ceph-cluster",
      "ceph-filesystem",
      "ceph-filesystem-csi",
      "ceph-managers-pool",
      "ceph-object-store",
    ]);
    assert.deepEqual(await waiting({ teardown: true }), []);
  });

  it("has a pod with its commands, unless nobody wants it", async () => {
    const isThere = async (options: unknown) =>
      (await runWith({ "rook-ceph": options })).resources.some(({ name }) => name === "rook-ceph-tools");
    assert.deepEqual([await isThere(true), await isThere({ toolbox: false })], [true, false]);
  });

  it("counts the nodes that it has", async () => {
    const { spec } = inputsOf(await runWith({ "rook-ceph": true }, 1), ":CephCluster", "ceph-cluster") as {
      spec: { mon: { count: number } };
    };
    assert.equal(spec.mon.count, 1);
  });
});
