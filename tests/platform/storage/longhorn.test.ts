import assert from "node:assert/strict";
import { catalogue } from "../../../platform/catalogue.ts";
import { longhornOptions } from "../../../platform/storage/longhorn/options.ts";
import { componentResources, longhornRendering } from "../../../platform/storage/longhorn/rendering.ts";
import {
  copiesOf,
  longhornParameters,
  longhornValues,
  type LonghornSettings,
} from "../../../platform/storage/longhorn/values.ts";
import { assertChartValues } from "../charts/chart-values.ts";
import { factsOf, needsFacts } from "../charts/facts.ts";
import { inputsOf, runWith } from "./storage-program.ts";

const settings: LonghornSettings = { size: "small", copies: 2, teardown: false };

interface Values {
  readonly persistence: { readonly createStorageClass: boolean; readonly defaultClass: boolean };
  readonly defaultSettings: {
    readonly deletingConfirmationFlag: boolean;
    readonly systemManagedCSIComponentsResourceLimits: string;
  };
}
const values = (changes: Partial<LonghornSettings> = {}) =>
  longhornValues({ ...settings, ...changes }) as unknown as Values;

describe("Longhorn", () => {
  it("sets values that the chart has, at every size", function () {
    const folder = needsFacts(this);
    for (const size of ["small", "medium", "large"] as const)
      for (const teardown of [false, true])
        assertChartValues(folder, "longhorn", longhornValues({ ...settings, size, teardown }));
  });

  it("knows every workload that its manager adds, by what is recorded of the chart", function () {
    const folder = needsFacts(this);
    const { operatorCreated } = factsOf(folder, "longhorn") as unknown as {
      operatorCreated: readonly { kind: string; name: string }[];
    };
    const added = (longhornRendering("small").added ?? []).map(({ name }) => name);
    for (const { name } of operatorCreated) {
      const stem = name.replace(/-(ei-)?\*$/, "");
      assert.ok(added.includes(stem), `${name} is not among ${added.join(", ")}`);
    }
  });

  it("leaves the default to k3s' class, and makes its own beside the chart", () => {
    assert.equal(values().persistence.createStorageClass, false);
    assert.equal(values().persistence.defaultClass, false);
  });

  it("keeps the parameters of its class, which cannot change, apart from the number of nodes", () => {
    assert.ok(!("numberOfReplicas" in longhornParameters));
    const { defaultSettings } = values({ copies: 1 }) as unknown as {
      defaultSettings: { defaultReplicaCount: number };
    };
    assert.equal(defaultSettings.defaultReplicaCount, 1);
  });

  it("keeps as many copies as there are nodes, at most three, or as many as asked", () => {
    assert.deepEqual(
      [1, 2, 3, 5].map((nodes) => copiesOf(undefined, nodes)),
      [1, 2, 3, 3],
    );
    assert.equal(copiesOf(5, 3), 5);
  });

  it("bounds the CSI driver's containers by Longhorn's setting, with what the budget counts", () => {
    const told = JSON.parse(values().defaultSettings.systemManagedCSIComponentsResourceLimits) as unknown;
    assert.deepEqual(told, componentResources());
    const counted = (longhornRendering("small").added ?? [])
      .flatMap(({ containers }) => containers)
      .filter(({ name }) => name in componentResources());
    assert.equal(counted.length, 7);
    for (const { limits, name, requests } of counted)
      assert.deepEqual({ requests, limits }, componentResources()[name], name);
  });

  it("gives its data up only when told to", async () => {
    assert.equal(values().defaultSettings.deletingConfirmationFlag, false);
    assert.equal(values({ teardown: true }).defaultSettings.deletingConfirmationFlag, true);
    const jobs = async (options: unknown) =>
      (await runWith({ longhorn: options })).resources.filter(({ type }) => type.endsWith(":Job"));
    assert.deepEqual(await jobs(true), []);
    assert.deepEqual(
      (await jobs({ teardown: true })).map(({ name }) => name),
      ["longhorn-teardown"],
    );
  });

  it("shows its page behind TLS and a login", async () => {
    const run = await runWith({ longhorn: true });
    assert.equal((run.outputs.urls as Record<string, string>).longhorn, "https://longhorn.local.localhost");
    const { metadata } = inputsOf(run, ":Ingress", "longhorn-page") as {
      metadata: { annotations: Record<string, string> };
    };
    assert.ok(metadata.annotations["traefik.ingress.kubernetes.io/router.middlewares"]);
  });

  it("bounds its instance managers by nothing that would slow or stop them", async () => {
    const run = await runWith({ longhorn: true });
    const { spec } = inputsOf(run, ":LimitRange", "longhorn-system") as {
      spec: { limits: { default: unknown; defaultRequest: unknown }[] };
    };
    const manager = longhornRendering("small").added?.find(({ name }) => name === "instance-manager");
    assert.deepEqual(spec.limits[0]?.default, { cpu: "8", memory: "8Gi" });
    assert.deepEqual(manager?.containers[0]?.limits, spec.limits[0].default);
    // The other namespaces' containers are held closer.
    const { spec: usual } = inputsOf(
      await runWith({ nfs: { server: "nfs.example.org" } }),
      ":LimitRange",
      "nfs",
    ) as {
      spec: { limits: { default: unknown }[] };
    };
    assert.deepEqual(usual.limits[0]?.default, { cpu: "500m", memory: "256Mi" });
  });

  it("asks for little in the middle and for its daemons on every node", () => {
    const options = longhornOptions.parse({});
    assert.deepEqual(catalogue.longhorn.budget({ ...options, size: "small" }), {
      cpu: "140m",
      memory: "256Mi",
      perNode: { cpu: "580m", memory: "512Mi" },
    });
  });
});
