import assert from "node:assert/strict";
import { parse } from "../../../config/parse.ts";
import { sizes } from "../../../config/systems.ts";
import { catalogue } from "../../../platform/catalogue.ts";
import { lockedChart } from "../../../platform/charts/lock.ts";
import { cniName, cniPods, commonFolders, k3sFolders } from "../../../platform/cluster/istio/cni.ts";
import { gatewayName, gatewaySpec, proxyImage } from "../../../platform/cluster/istio/gateway.ts";
import { istioOptions } from "../../../platform/cluster/istio/options.ts";
import { istioBudget } from "../../../platform/cluster/istio/rendering.ts";
import { istioBaseValues, istiodValues } from "../../../platform/cluster/istio/values.ts";
import { parseImageReference } from "../../../policy/image-reference.ts";
import { runProgram, type MockResource } from "../../support/mock-engine.ts";
import { assertChartValues, valueAt } from "../charts/chart-values.ts";
import { assertCustomResource } from "../charts/custom-objects.ts";
import { needsFacts } from "../charts/facts.ts";

describe("the options of Istio", () => {
  const refusals = (said: object) =>
    parse(istioOptions, said, ["istio"]).findings.map(({ reason }) => reason);

  it("have nobody in the mesh, and a gateway, unless they say so", () => {
    assert.deepEqual(parse(istioOptions, {}, ["istio"]).value, { namespaces: [], gateway: true });
    const { value } = parse(istioOptions, { namespaces: [{ name: "data" }] }, ["istio"]);
    assert.deepEqual(value?.namespaces, [{ name: "data", mtls: "strict", gatewayPorts: [] }]);
  });

  it("name a namespace once, and open the gateway's ports only where there is one", () => {
    const data = { name: "data", gatewayPorts: [8080] };
    assert.deepEqual(refusals({ namespaces: [data, { name: "data" }] }), ["names a namespace twice."]);
    assert.deepEqual(refusals({ namespaces: [data], gateway: false }), ["has gatewayPorts but no gateway."]);
    assert.deepEqual(refusals({ namespaces: [{ name: "data" }], gateway: false }), []);
  });
});

describe("the values of Istio", () => {
  it("are known to the charts, in every size", function () {
    const folder = needsFacts(this);
    assertChartValues(folder, "istio-base", istioBaseValues);
    for (const size of sizes) assertChartValues(folder, "istiod", istiodValues(size));
  });

  it("make proxies that a restricted namespace accepts, bounded, and without a privileged container beside them", () => {
    const values = istiodValues("small");
    assert.deepEqual(valueAt(values, "cni"), { enabled: true });
    assert.deepEqual(valueAt(values, "global.proxy.seccompProfile"), { type: "RuntimeDefault" });
    assert.deepEqual(valueAt(values, "global.proxy.resources"), {
      requests: { cpu: "10m", memory: "64Mi" },
      limits: { cpu: "500m", memory: "256Mi" },
    });
  });

  it("never let an object pass that istiod has not judged", () => {
    for (const values of [istioBaseValues, istiodValues("small")])
      assert.equal(valueAt(values, "base.validationFailurePolicy"), "Fail");
  });

  it("ask for as little as a small cluster has, and for the gateway only where there is one", () => {
    const perNode = { cpu: "10m", memory: "64Mi" };
    assert.deepEqual(istioBudget("small", false), { cpu: "50m", memory: "256Mi", perNode });
    assert.deepEqual(istioBudget("small", true), { cpu: "70m", memory: "320Mi", perNode });
  });
});

describe("Istio's CNI agent", () => {
  it("is of istiod's release, as the proxies are", () => {
    for (const image of [catalogue.istio.images.cni, proxyImage])
      assert.equal(parseImageReference(image)?.tag, lockedChart("istiod").appVersion);
  });

  it("works in the folders of the node's container runtime", () => {
    for (const folders of [k3sFolders, commonFolders]) {
      const { spec } = cniPods("example.org/cni:1.0.0", folders, {}) as {
        spec: { volumes: { name: string; hostPath: { path: string } }[] };
      };
      const paths = Object.fromEntries(spec.volumes.map(({ hostPath, name }) => [name, hostPath.path]));
      assert.deepEqual([paths.plugins, paths.settings], [folders.plugins, folders.settings]);
    }
  });

  it("has the rights that it needs, and is not privileged", () => {
    const { spec } = cniPods("example.org/cni:1.0.0", k3sFolders, {}) as {
      spec: { containers: { securityContext: { privileged: boolean; capabilities: unknown } }[] };
    };
    const [agent] = spec.containers;
    assert.equal(agent?.securityContext.privileged, false);
    assert.deepEqual(agent.securityContext.capabilities, {
      drop: ["ALL"],
      add: ["NET_ADMIN", "NET_RAW", "SYS_PTRACE", "SYS_ADMIN", "DAC_OVERRIDE"],
    });
  });
});

describe("the objects of a mesh", () => {
  it("pass their definitions", function () {
    const folder = needsFacts(this);
    const metadata = { name: "default" };
    const security = { apiVersion: "security.istio.io/v1", kind: "PeerAuthentication", metadata };
    for (const mode of ["STRICT", "PERMISSIVE"])
      assertCustomResource(folder, { ...security, spec: { mtls: { mode } } });
    const gateway = { apiVersion: "networking.istio.io/v1", kind: "Gateway", metadata, spec: gatewaySpec };
    assertCustomResource(folder, gateway);
  });
});

describe("a mesh", () => {
  let resources: readonly MockResource[];
  before(async () => {
    const systems = {
      portal: false,
      mosquitto: true,
      monitoring: true,
      istio: { namespaces: [{ name: "data", mtls: "permissive", gatewayPorts: [8080] }] },
    };
    ({ resources } = await runProgram("local", {
      "uap:cluster": { kind: "existing", nodes: { count: 3, cpu: "8", memory: "16Gi", disk: "40Gi" } },
      "uap:platform": { preset: "minimal", systems },
    }));
  });

  /** The resource of a type and a name. */
  function find(type: string, name: string) {
    const found = resources.find((one) => one.type.endsWith(`:${type}`) && one.name === name);
    assert.ok(found, `${type} ${name}`);
    return found as typeof found & { readonly urn: string; readonly dependencies: readonly string[] };
  }

  it("labels a namespace when istiod, the agents, the rules and the ways are ready", () => {
    const label = find("core/v1:NamespacePatch", "istio-data");
    assert.deepEqual(valueAt(label.inputs, "metadata"), {
      name: "data",
      labels: { "istio-injection": "enabled" },
    });
    for (const [type, name] of [
      ["helm.sh/v4:Chart", "istiod"],
      ["apps/v1:DaemonSet", cniName],
      ["security.istio.io/v1:PeerAuthentication", "istio-strict"],
      ["security.istio.io/v1:PeerAuthentication", "istio-data"],
      ["networking.k8s.io/v1:NetworkPolicy", "istio-data"],
    ] as const)
      assert.ok(label.dependencies.includes(find(type, name).urn), `${type} ${name}`);
  });

  it("has the systems of a namespace come up afterwards", () => {
    const { urn } = find("core/v1:NamespacePatch", "istio-data");
    assert.ok(find("apps/v1:StatefulSet", "mosquitto").dependencies.includes(urn));
  });

  it("lets pods call istiod, and the gateway call the ports that are named", () => {
    const { inputs } = find("networking.k8s.io/v1:NetworkPolicy", "istio-data");
    const spec = inputs.spec as Record<"ingress" | "egress", { ports: { port: number }[] }[]>;
    const ports = (rules: { ports: { port: number }[] }[]) =>
      rules.flatMap((rule) => rule.ports.map(({ port }) => port));
    assert.deepEqual([ports(spec.ingress), ports(spec.egress)], [[8080], [15012]]);
  });

  it("has a gateway of a pinned image, which istiod completes and a `Gateway` finds", () => {
    const deployment = find("apps/v1:Deployment", gatewayName);
    const { metadata, spec } = valueAt(deployment.inputs, "spec.template") as {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> };
      spec: { serviceAccountName: string; containers: { name: string; image: string }[] };
    };
    assert.deepEqual(metadata.annotations, { "inject.istio.io/templates": "gateway" });
    assert.equal(metadata.labels["sidecar.istio.io/inject"], "true");
    for (const [label, value] of Object.entries(gatewaySpec.selector))
      assert.equal(metadata.labels[label], value, label);
    assert.equal(spec.serviceAccountName, gatewayName);
    assert.deepEqual(
      spec.containers.map(({ image, name }) => [name, image]),
      [["istio-proxy", proxyImage]],
    );
    const { urn } = find("helm.sh/v4:Chart", "istiod");
    assert.ok(find("kit:WebService", gatewayName).dependencies.includes(urn));
  });

  it("is watched where monitoring is on, proxy by proxy", () => {
    const { inputs } = find("monitoring.coreos.com/v1:PodMonitor", "istio-data");
    assert.equal(valueAt(inputs, "metadata.namespace"), "data");
    assert.deepEqual(valueAt(inputs, "spec.selector"), {
      matchLabels: { "security.istio.io/tlsMode": "istio" },
    });
  });

  it("has only namespaces in which developers work, or the stack is refused", async () => {
    const systems = { mosquitto: true, istio: { namespaces: [{ name: "kube-system" }] } };
    await assert.rejects(
      runProgram("local", { "uap:cluster": { kind: "existing" }, "uap:platform": { systems } }),
      /"kube-system"\n\s+is not a namespace of this stack that can be in the mesh. Choose data/,
    );
  });
});
