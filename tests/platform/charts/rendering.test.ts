import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { factsOfManifests } from "../../../platform/charts/helm.ts";
import { lockedCharts, type ChartName, type LockedWorkload } from "../../../platform/charts/lock.ts";
import { chartBudget, rendered, sumOfBudgets, type Rendering } from "../../../platform/charts/rendering.ts";
import { mirrorFile, missingCharts } from "../../../platform/charts/source.ts";
import { lockChart } from "../../../platform/charts/write-lock.ts";
import { parseKubernetesQuantity } from "../../../config/kubernetes-quantity.ts";
import { runProgram } from "../../support/mock-engine.ts";

const bound = { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "1", memory: "64Mi" } } as const;

describe("a chart's workloads", () => {
  it("are all within limits, whatever the chart says of them", () => {
    const roomy = {
      requests: { cpu: "50m", memory: "64Mi" },
      limits: { cpu: "8", memory: "8Gi" },
    } as const;
    for (const chart of Object.keys(lockedCharts) as ChartName[]) {
      for (const { containers, name } of rendered(chart, { containers: roomy }).workloads) {
        for (const { limits, requests } of containers) {
          for (const resource of ["cpu", "memory"]) {
            const [least, most] = [requests[resource], limits[resource]].map(parseKubernetesQuantity);
            assert.ok(
              least !== undefined && most !== undefined && least <= most,
              `${chart} ${name} ${resource}`,
            );
          }
        }
      }
    }
  });

  it("are refused when they ask for more than their namespace allows those that name no limit", () => {
    assert.throws(
      () => rendered("istiod"),
      /container discovery of istiod requests 2048Mi of memory, and its limit is 256Mi: say a limit/,
    );
    const enough = { requests: bound.requests, limits: { cpu: "1", memory: "2Gi" } } as const;
    const [istiod] = rendered("istiod", { containers: enough }).workloads;
    assert.equal(istiod?.containers[0]?.limits.memory, "2Gi");
  });

  it("are what a system's values make of them", () => {
    const added: LockedWorkload = {
      kind: "DaemonSet",
      name: "agent",
      replicas: 1,
      containers: [{ name: "agent", image: "example.org/agent:1.0.0", ...bound, ports: [] }],
      hostNetwork: false,
      privileged: false,
    };
    const rendering = {
      workloads: {
        "Deployment/keda-operator": { replicas: 3, containers: { "keda-operator": bound } },
        "Deployment/keda-admission-webhooks": false,
      },
      added: [added],
    } as const;
    assert.deepEqual(
      rendered("keda", rendering).workloads.map(({ name, replicas }) => `${replicas} ${name}`),
      ["3 keda-operator", "1 keda-operator-metrics-apiserver", "1 agent"],
    );
    assert.deepEqual(chartBudget("keda", rendering), {
      cpu: "130m",
      memory: "196Mi",
      perNode: { cpu: "10m", memory: "32Mi" },
    });
  });

  it("claim storage for each pod of a StatefulSet, unless they are switched off", () => {
    const key = "StatefulSet/opensearch-cluster-master";
    const claim = "opensearch-cluster-master/opensearch-cluster-master";
    const containers = { requests: bound.requests, limits: { cpu: "1", memory: "1Gi" } } as const;
    const storage = (claims: Parameters<typeof rendered>[1] & object) =>
      chartBudget("opensearch", { containers, ...claims }).storage;
    assert.equal(storage({ workloads: { [key]: { replicas: 2 } } }), "16Gi");
    assert.equal(storage({ claims: { [claim]: { size: "1Gi" } } }), "3Gi");
    assert.equal(storage({ workloads: { [key]: false } }), undefined);
    assert.equal(storage({ claims: { [claim]: false } }), undefined);
  });

  it("cannot be changed where there are none", () => {
    assert.throws(
      () => rendered("keda", { workloads: { "Deployment/keda-operator": { containers: { keda: bound } } } }),
      /renders no container of keda-operator keda, but keda-operator\./,
    );
    assert.throws(
      () => rendered("keda", { claims: { data: false } }),
      /renders no claim data, but none at all/,
    );
    const wrong = { "Deployment/none": false } as const;
    // @ts-expect-error the compiler knows the workloads of each chart
    const rendering: Rendering<"keda"> = { workloads: wrong };
    assert.throws(() => rendered("keda", rendering), /renders no workload Deployment\/none/);
  });

  it("add up to a system's budget", () => {
    const one = { cpu: "100m", memory: "64Mi", storage: "1Gi" } as const;
    assert.deepEqual(sumOfBudgets(one, { cpu: "200m", memory: "64Mi", perNode: one }), {
      cpu: "300m",
      memory: "128Mi",
      storage: "1Gi",
      perNode: { cpu: "100m", memory: "64Mi" },
    });
  });
});

describe("a mirror of charts", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "uap-mirror-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const config = () => ({
    "uap:cluster": { kind: "existing", nodes: { count: 3, cpu: "4", memory: "8Gi", disk: "40Gi" } },
    "uap:charts": { source: "mirror", mirror: folder },
    "uap:platform": { preset: "minimal", systems: { keda: true } },
  });

  it("must hold every chart before anything is created", async () => {
    await assert.rejects(
      runProgram("local", config()),
      /uap:charts\.mirror .*\n\s+does not hold the pinned charts:[^]*\skeda:\s+there\s+is\s+no\s+file\s+.*keda-2\.20\.2\.tgz/,
    );
    for (const name of Object.keys(lockedCharts) as ChartName[]) writeFileSync(mirrorFile(name, folder), "");
    const { resources } = await runProgram("local", config());
    assert.ok(resources.some(({ type }) => type === "kubernetes:helm.sh/v4:Chart"));
  });

  it("is asked for files only where it is a folder", () => {
    assert.deepEqual(missingCharts(["keda"], { source: "upstream" }), []);
    assert.deepEqual(
      missingCharts(["keda"], { source: "mirror", mirror: "oci://registry.example.org/charts" }),
      [],
    );
  });
});

describe("`make charts`", () => {
  it("says what it needs where there is no Helm", () => {
    const script = new URL("../../../platform/charts/refresh.ts", import.meta.url).pathname;
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8", env: { PATH: "" } });
    assert.equal(status, 1);
    assert.equal(
      stderr,
      "`make charts` needs Helm 3.19 or newer on PATH: install it from https://helm.sh and run it again.\n",
    );
  });

  it("records what Helm renders, without its hooks", () => {
    const { definitions, facts } = factsOfManifests(manifests, {
      name: "web",
      version: "1.0.0",
      appVersion: "1",
      repository: "https://example.org",
    });
    const { claims, kinds, services, workloads } = lockChart(facts, definitions);
    assert.deepEqual(workloads, {
      "StatefulSet/web": {
        kind: "StatefulSet",
        name: "web",
        replicas: 2,
        containers: [
          {
            name: "web",
            image: "example.org/web:1.0.0",
            requests: { cpu: "1" },
            limits: {},
            ports: [{ name: "http", containerPort: 80 }],
          },
        ],
        hostNetwork: false,
        privileged: true,
      },
    });
    assert.deepEqual(services, { web: { type: "ClusterIP", headless: true, ports: [{ port: 80 }] } });
    assert.deepEqual(claims, [
      { name: "data", size: "1Gi", accessModes: ["ReadWriteOnce"], workload: "web" },
    ]);
    assert.deepEqual(kinds, { "example.org/v1/Page": "pages.example.org" });
  });
});

const manifests = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web }
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: example.org/web:1.0.0
          ports: [{ name: http, containerPort: 80, protocol: TCP }]
          resources: { requests: { cpu: 1 } }
          securityContext: { privileged: true }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
# nothing
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { clusterIP: None, ports: [{ port: 80 }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: hook, annotations: { helm.sh/hook: pre-install } }
spec: { template: { spec: { containers: [{ name: hook, image: "example.org/hook:1.0.0" }] } } }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: pages.example.org }
spec:
  group: example.org
  names: { kind: Page, plural: pages, singular: page }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true }, { name: v0, served: false, storage: false }]
`;
