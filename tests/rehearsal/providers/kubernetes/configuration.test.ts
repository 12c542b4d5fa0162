import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { formatKubeconfig } from "../../../../rehearsal/kubernetes/kubeconfig.ts";
import {
  clusterChange,
  configurationProblems,
} from "../../../../rehearsal/providers/kubernetes/configuration.ts";
import { KubernetesProvider } from "../../../../rehearsal/providers/kubernetes/provider.ts";
import { unknownValue } from "../../../../rehearsal/providers/protocol/provider.ts";
import { Harness, type Resource } from "./harness.ts";
import { configMap, deployment } from "./objects.ts";

const kubeconfig = (server: string, key = "key") =>
  formatKubeconfig({ name: "test", server, certificateAuthority: "ca", certificate: "certificate", key });

describe("The Kubernetes provider's configuration", () => {
  const one = kubeconfig("https://127.0.0.1:6443");

  it("is another cluster when the server is another", () => {
    const other = kubeconfig("https://127.0.0.2:6443");
    assert.deepEqual(clusterChange({ kubeconfig: one }, { kubeconfig: other }), ["kubeconfig"]);
  });

  it("is the same cluster with new credentials", () => {
    assert.deepEqual(
      clusterChange({ kubeconfig: one }, { kubeconfig: kubeconfig("https://127.0.0.1:6443", "new") }),
      [],
    );
  });

  it("is the same cluster when the old kubeconfig says nothing about a server", () => {
    assert.deepEqual(clusterChange({ kubeconfig: "/nonexistent/kubeconfig" }, { kubeconfig: one }), []);
  });

  it("is the same cluster as long as the identifier says so", () => {
    const other = { kubeconfig: kubeconfig("https://127.0.0.2:6443"), clusterIdentifier: "home" };
    assert.deepEqual(clusterChange({ kubeconfig: one, clusterIdentifier: "home" }, other), []);
    assert.deepEqual(clusterChange({ kubeconfig: one, clusterIdentifier: "away" }, other), [
      "clusterIdentifier",
    ]);
  });

  it("may be another cluster when the kubeconfig is not known yet, unless the identifier says otherwise", () => {
    const unknown = { kubeconfig: unknownValue };
    assert.deepEqual(clusterChange({ kubeconfig: one }, unknown), ["kubeconfig"]);
    const named = { clusterIdentifier: "home" };
    assert.deepEqual(clusterChange({ kubeconfig: one, ...named }, { ...unknown, ...named }), []);
  });

  it("refuses what the stand-in cannot do", () => {
    assert.deepEqual(configurationProblems({ enableServerSideApply: "true", renderYamlToDirectory: "" }), []);
    const problems = configurationProblems({ enableServerSideApply: "false", renderYamlToDirectory: "out" });
    assert.deepEqual(problems.map(({ property }) => property).sort(), [
      "enableServerSideApply",
      "renderYamlToDirectory",
    ]);
  });

  it("reports changes without replacing anything when only credentials changed", async () => {
    const provider = new KubernetesProvider();
    const news = { kubeconfig: kubeconfig("https://127.0.0.1:6443", "new") };
    const { changes, replaces } = await provider.diffConfig({ kubeconfig: one }, news);
    assert.deepEqual({ changes, replaces }, { changes: true, replaces: [] });
  });
});

/** A deployment as the state has it after an earlier update. */
function known(namespace: string): Resource {
  const inputs = deployment(namespace, "web");
  const state = { ...inputs, __fieldManager: "us" };
  return { name: "web", type: "kubernetes:apps/v1:Deployment", id: `${namespace}/web`, inputs, state };
}

describe("Without a cluster, the Kubernetes provider", () => {
  /** A provider whose cluster does not exist yet, or does not answer. */
  async function open(config: Record<string, unknown>): Promise<Harness> {
    const provider = new KubernetesProvider({ restart: 200, firstContact: 200, prerequisite: 200 });
    await provider.configure(config);
    return new Harness(provider);
  }
  // Nobody listens on the discard port.
  const dead = JSON.stringify({
    clusters: [{ name: "dead", cluster: { server: "https://127.0.0.1:9" } }],
    contexts: [{ name: "dead", context: { cluster: "dead" } }],
    "current-context": "dead",
  });
  const conditions: readonly (readonly [string, Record<string, unknown>])[] = [
    ["not known yet", { kubeconfig: unknownValue }],
    ["not reachable", { kubeconfig: dead }],
    ["without a kubeconfig", { kubeconfig: "/nonexistent/kubeconfig" }],
  ];

  for (const [what, config] of conditions) {
    it(`plans a creation on a cluster that is ${what}`, async () => {
      const harness = await open(config);
      const planned = await harness.preview("map", configMap("shop", "map", { a: "1" }));
      assert.deepEqual(planned.data, { a: "1" });
    });

    it(`plans an update and knows what must be replaced on a cluster that is ${what}`, async () => {
      const harness = await open(config);
      const inputs = deployment("shop", "web", { restartPolicy: "Always" });
      const update = await harness.diff(known("shop"), inputs);
      assert.deepEqual(update.detailed, { "spec.template.spec.restartPolicy": "add" });
      assert.equal((await harness.previewUpdate(known("shop"), inputs)).kind, "Deployment");
      const selector = { matchLabels: { app: "other" } };
      const replacement = await harness.diff(known("shop"), {
        ...inputs,
        spec: { ...inputs.spec, selector },
      });
      assert.deepEqual(replacement.replaces, ["spec.selector.matchLabels.app"]);
    });
  }

  describe("with a server that turns us away", () => {
    let server: Server;
    let harness: Harness;
    let asked = 0;
    const request = () => {
      const { inputs: oldInputs, state: oldState, ...resource } = known("shop");
      return { ...resource, urn: "urn", oldInputs, oldState, ignoreChanges: [] };
    };
    const changed = deployment("shop", "web", { hostNetwork: true });

    beforeEach(async () => {
      asked = 0;
      server = createServer((_, response) => {
        asked++;
        response.writeHead(403).end();
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      harness = await open({ kubeconfig: dead.replace("https://127.0.0.1:9", `http://127.0.0.1:${port}`) });
    });

    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    it("does not ask about inputs that have not changed", async () => {
      const unchanged = { ...request(), newInputs: request().oldInputs };
      assert.deepEqual(await harness.provider.diff(unchanged), { changes: false });
      assert.equal(asked, 0);
    });

    it("asks once, however much is planned", async () => {
      const diffs = Array.from({ length: 10 }, () =>
        harness.provider.diff({ ...request(), newInputs: changed }),
      );
      for (const { changes } of await Promise.all(diffs)) assert.equal(changes, true);
      await harness.provider.diff({ ...request(), newInputs: changed });
      assert.equal(asked, 1);
    });
  });

  it("keeps the namespace that an object got from the cluster", async () => {
    const harness = await open({ kubeconfig: dead });
    const metadata = { name: "web" };
    assert.deepEqual(await harness.diff(known("shop"), { ...deployment("shop", "web"), metadata }), {
      changes: false,
    });
  });

  it("says which server does not answer, and why", async () => {
    const harness = await open({ kubeconfig: dead });
    const message = /https:\/\/127\.0\.0\.1:9 refuses connections/;
    await assert.rejects(harness.create("map", configMap("shop", "map", {})), message);
    await assert.rejects(harness.refresh(known("shop")), /PULUMI_K8S_DELETE_UNREACHABLE/);
    await assert.rejects(harness.delete(known("shop")), message);
  });

  it("says that there is no kubeconfig", async () => {
    const harness = await open({ kubeconfig: "/nonexistent/kubeconfig" });
    await assert.rejects(
      harness.create("map", configMap("shop", "map", {})),
      /There is no kubeconfig.*KUBECONFIG/,
    );
  });

  it("forgets objects of a cluster that is gone when it is told to", async () => {
    for (const config of [{ kubeconfig: dead }, { kubeconfig: "/nonexistent/kubeconfig" }]) {
      const harness = await open({ ...config, deleteUnreachable: "true" });
      assert.equal(await harness.refresh(known("shop")), undefined);
      await harness.delete(known("shop"));
    }
  });

  it("leaves objects of an unreachable cluster as they are when it is told to", async () => {
    const harness = await open({ kubeconfig: dead, skipUpdateUnreachable: "true" });
    assert.deepEqual(await harness.refresh(known("shop")), known("shop"));
    const changed = deployment("shop", "web", { hostNetwork: true });
    assert.deepEqual(await harness.check("web", changed, known("shop")), known("shop").inputs);
  });
});
