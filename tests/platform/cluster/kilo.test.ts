import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import {
  cniConfiguration,
  kubeconfigScript,
  kubeletKubeconfig,
  pluginScript,
} from "../../../platform/cluster/kilo/files.ts";
import { kiloPods } from "../../../platform/cluster/kilo/pods.ts";
import { nodesObstacle } from "../../../infra/readiness/probe.ts";

const pods = kiloPods({
  image: "kilo:1",
  labels: {},
  meshCidr: "10.4.0.0/16",
  checksum: "sum",
}) as unknown as {
  spec: {
    hostNetwork: boolean;
    tolerations: object[];
    initContainers: { resources: object; volumeMounts: { name: string }[] }[];
    containers: { args: string[]; resources: object; volumeMounts: { name: string }[] }[];
    volumes: { name: string }[];
  };
};

describe("Kilo's pods", () => {
  it("run before there is any pod network, on every node", () => {
    assert.equal(pods.spec.hostNetwork, true);
    assert.deepEqual(pods.spec.tolerations, [{ operator: "Exists" }]);
  });

  it("mount what they declare, and declare what they mount", () => {
    const all = [...pods.spec.initContainers, ...pods.spec.containers];
    const mounted = new Set(all.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)));
    assert.deepEqual([...mounted].sort(), pods.spec.volumes.map(({ name }) => name).sort());
    for (const { resources } of all) assert.deepEqual(Object.keys(resources).sort(), ["limits", "requests"]);
  });
});

describe("Kilo's scripts", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "uap-kilo-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  /** Runs a script with its absolute paths below the folder. */
  const run = (script: string, paths: readonly string[]) => {
    const moved = paths.reduce((text, path) => text.replaceAll(path, join(folder, path)), script);
    execFileSync("/bin/sh", ["-c", moved]);
  };
  const write = (path: string, contents: string) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), contents);
  };

  it("take the API server's address from the node's kubelet, and a token that is renewed", () => {
    write(
      kubeletKubeconfig,
      "apiVersion: v1\nclusters:\n- cluster:\n    server: https://127.0.0.1:6444\n  name: local\n",
    );
    mkdirSync(join(folder, "/etc/kubernetes"), { recursive: true });
    run(kubeconfigScript, [kubeletKubeconfig, "/etc/kubernetes"]);
    const { clusters, users } = parse(readFileSync(join(folder, "/etc/kubernetes/kubeconfig"), "utf8")) as {
      clusters: [{ cluster: { server: string } }];
      users: [{ user: { tokenFile: string } }];
    };
    assert.equal(clusters[0].cluster.server, "https://127.0.0.1:6444");
    assert.match(users[0].user.tokenFile, /serviceaccount\/token$/);
  });

  it("put the plugins on the node, and their configuration in place of any other", () => {
    write("/opt/cni/bin/bridge", "bridge");
    write("/kilo/cni.json", cniConfiguration);
    write("/host/opt/cni/bin/old", "old");
    write("/host/etc/cni/net.d/10-flannel.conflist", "{}");
    // The innermost path last: the others would be found within it.
    const moved = pluginScript
      .replaceAll("/host/", `${folder}/HOST/`)
      .replaceAll("/kilo/", `${folder}/kilo/`)
      .replaceAll(" /opt/", ` ${folder}/opt/`)
      .replaceAll("/HOST/", "/host/");
    execFileSync("/bin/sh", ["-c", moved]);
    assert.deepEqual(readdirSync(join(folder, "host/etc/cni/net.d")), ["10-kilo.conflist"]);
    assert.deepEqual(readdirSync(join(folder, "host/opt/cni/bin")).sort(), ["bridge", "old"]);
  });
});

describe("nodes without a pod network", () => {
  it("are waited for until they have joined, and after Kilo until they are ready", () => {
    const list = [{ metadata: { name: "a" }, status: { conditions: [{ type: "Ready", status: "False" }] } }];
    assert.equal(nodesObstacle(["a"], list, "joined"), undefined);
    assert.deepEqual(nodesObstacle(["a", "b"], list, "joined"), {
      kind: "nodes",
      missing: ["b"],
      unready: [],
    });
    assert.deepEqual(nodesObstacle(["a"], list), { kind: "nodes", missing: [], unready: ["a"] });
  });
});
