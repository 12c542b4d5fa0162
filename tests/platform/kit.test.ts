import assert from "node:assert/strict";
import { quotaFor } from "../../platform/cluster/namespaces.ts";
import { digestOf } from "../../platform/kit/checksum.ts";
import {
  hardenedContainer,
  podTemplate,
  probeBoth,
  type ContainerArgs,
} from "../../platform/kit/container.ts";
import { encodeTexts } from "../../platform/kit/secret-object.ts";
import { typeName } from "../../platform/kit/system.ts";

const container: ContainerArgs = {
  name: "web",
  image: "example.org/web:1.0.0",
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
  ports: { http: 8080 },
  probes: probeBoth({ tcpSocket: { port: "http" } }),
};

describe("a container of the kit", () => {
  it("has no privileges and a read-only root", () => {
    assert.deepEqual(hardenedContainer(container).securityContext, {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
  });

  it("runs in a pod that is not root, has seccomp's profile and no API token", () => {
    const { spec } = podTemplate({
      labels: {},
      selector: {},
      containers: [container],
      user: 1000,
    }) as unknown as {
      spec: { automountServiceAccountToken: boolean; securityContext: Record<string, unknown> };
    };
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.deepEqual(spec.securityContext.seccompProfile, { type: "RuntimeDefault" });
  });

  it("needs no ports and probes when it comes to an end, and may speak to the API server by an account", () => {
    const { name, image, resources } = container;
    const { spec } = podTemplate({
      labels: {},
      containers: [{ name, image, resources }],
      user: 1000,
      restartPolicy: "Never",
      serviceAccount: "shop",
    }) as unknown as { spec: Record<string, unknown> & { containers: object[] } };
    assert.deepEqual(Object.keys(spec.containers[0] ?? {}).sort(), [
      ...["image", "name", "resources", "securityContext"],
    ]);
    assert.partialDeepStrictEqual(spec, {
      automountServiceAccountToken: true,
      restartPolicy: "Never",
      serviceAccountName: "shop",
    });
    assert.ok(!("topologySpreadConstraints" in spec));
  });
});

describe("a checksum", () => {
  it("does not depend on the order of the keys", () => {
    assert.equal(digestOf([{ a: "1", b: "2" }]), digestOf([{ b: "2", a: "1" }]));
  });

  it("tells apart what would look the same when strung together", () => {
    assert.notEqual(digestOf([{ a: "1b", c: "" }]), digestOf([{ a: "1", bc: "" }]));
  });
});

describe("names and encodings", () => {
  it("make a component's type of a system's name", () => {
    assert.equal(typeName("argo-cd"), "ArgoCd");
  });

  it("encode a Secret's texts as the API wants them", () => {
    assert.deepEqual(encodeTexts({ key: "grün" }), { key: "Z3LDvG4=" });
  });
});

describe("a namespace's quota", () => {
  const demand = { system: "mosquitto", milliCpu: 1000, memory: 2 ** 30, storage: 2 ** 34 };
  const perNode = { milliCpu: 0, memory: 0 };

  it("is three times what its systems ask for", () => {
    const quota = quotaFor([
      { ...demand, perNode },
      { ...demand, perNode },
    ]);
    assert.deepEqual(quota, { milliCpu: 6000, memory: 6 * 2 ** 30, storage: 6 * 2 ** 34, pods: 110 });
  });

  it("counts what its systems ask for on every node", () => {
    const daemon = { milliCpu: 500, memory: 2 ** 28 };
    const quota = quotaFor([{ ...demand, perNode: daemon }], 8);
    assert.deepEqual(quota, { milliCpu: 15_000, memory: 9 * 2 ** 30, storage: 3 * 2 ** 34, pods: 880 });
  });

  it("is never smaller than a namespace can work with", () => {
    const quota = quotaFor([{ ...demand, milliCpu: 1, memory: 1, storage: 0, perNode }]);
    assert.deepEqual(quota, { milliCpu: 1000, memory: 2 ** 30, storage: 10 * 2 ** 30, pods: 110 });
  });
});
