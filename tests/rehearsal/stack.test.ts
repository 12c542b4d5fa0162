import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { KubernetesClient, UnreachableError } from "../../rehearsal/kubernetes/client.ts";
import { startKubernetes, type RunningKubernetes } from "../../rehearsal/kubernetes/index.ts";
import { clusterTools } from "../../rehearsal/session/session-cluster.ts";
import { obtainTools } from "../../rehearsal/toolchain/index.ts";
import { CommandLine, type CommandResult } from "../support/command-line.ts";

const report = z.object({
  changed: z.boolean().nullish(),
  urls: z.record(z.string(), z.string()),
  cluster: z.object({
    nodes: z.array(z.object({ name: z.string(), ready: z.boolean() })),
    pods: z.array(z.object({ system: z.string(), state: z.string() })),
  }),
});

const preview = z.object({
  changes: z.array(z.object({ operation: z.string(), kind: z.string(), name: z.string() })),
});

/** @throws with everything that was printed, when the command failed. */
function succeeded({ code, text, output }: CommandResult): string {
  assert.equal(code, 0, text);
  return output;
}

/** Names of the secrets' texts that must never be seen. */
async function secretsOf(line: CommandLine): Promise<string[]> {
  const output = succeeded(await line.run(["credentials", "--json"]));
  const accounts = z.record(z.string(), z.record(z.string(), z.string())).parse(JSON.parse(output));
  return Object.values(accounts).flatMap((passwords) => Object.values(passwords));
}

describe("the stack local, rehearsed", () => {
  let line: CommandLine;
  let printed = "";
  before(async () => {
    line = await CommandLine.open();
  });
  after(() => line.close());

  it("comes up, and everything in it runs", async () => {
    const result = await line.run(["up", "--json"]);
    const { changed, urls, cluster } = report.parse(JSON.parse(succeeded(result)));
    printed = result.text;
    assert.equal(changed, true);
    assert.deepEqual(Object.keys(urls).sort(), ["mosquitto", "portal"]);
    assert.ok(cluster.nodes.every(({ ready }) => ready));
    const pods = cluster.pods.filter(({ system }) => system !== "");
    assert.deepEqual(pods.map(({ system, state }) => `${system} ${state}`).sort(), [
      "cert-manager running",
      "cert-manager running",
      "cert-manager running",
      "mosquitto running",
      "portal running",
    ]);
  });

  it("says what it did in words", () => {
    for (const part of ["policies kept", "58 created", "Nodes", "Systems", "Fit on 3 nodes", "Took"]) {
      assert.ok(printed.includes(part), `${part} is missing in:\n${printed}`);
    }
  });

  it("has nothing to change when it comes up again", async () => {
    const result = await line.run(["up", "--json"]);
    assert.equal(report.parse(JSON.parse(succeeded(result))).changed, false);
    assert.match(result.text, /nothing to change/);
  });

  it("previews nothing to change", async () => {
    const { changes } = preview.parse(JSON.parse(succeeded(await line.run(["preview", "--json"]))));
    assert.deepEqual(changes, []);
  });

  it("shows its state without the engine changing anything", async () => {
    const { cluster } = report.parse(JSON.parse(succeeded(await line.run(["status", "--json"]))));
    assert.equal(cluster.nodes.length, 3);
  });

  it("keeps its passwords out of everything that it prints and writes in clear", async () => {
    const secrets = await secretsOf(line);
    assert.equal(secrets.length, 3);
    const state = await readFile(
      join(line.folder, "local", "state", ".pulumi", "stacks", "uap", "local.json"),
      "utf8",
    );
    for (const secret of secrets) {
      assert.equal(secret.length, 32);
      assert.ok(!printed.includes(secret), "a password was printed");
      assert.ok(!state.includes(secret), "a password stands in the state");
      assert.ok(
        !state.includes(Buffer.from(secret).toString("base64")),
        "a password stands in the state, encoded",
      );
    }
  });

  it("does not open with another passphrase, and says so", async () => {
    const { code, text } = await line.run(["up"], { PULUMI_CONFIG_PASSPHRASE: "another" });
    assert.equal(code, 1);
    assert.match(text, /The passphrase does not fit this stack's state\. Set PULUMI_CONFIG_PASSPHRASE/);
    assert.doesNotMatch(text, /^\s+at /m);
  });

  it("goes away and leaves nothing", async () => {
    const { code, text } = await line.run(["down"]);
    assert.equal(code, 0, text);
    assert.match(text, /58 deleted/);
    assert.deepEqual(
      (await readdir(line.folder)).filter((name) => name.startsWith("local")),
      [],
    );
  });
});

describe("the stack local on a cluster of the user's", () => {
  let line: CommandLine;
  let cluster: RunningKubernetes;
  let place: string[];
  before(async () => {
    line = await CommandLine.open();
    cluster = await startKubernetes({
      name: "theirs",
      folder: join(line.folder, "theirs"),
      tools: await obtainTools(clusterTools),
      nodes: [{ name: "their-node", cpu: "2", memory: "4Gi" }],
    });
    place = ["--kubeconfig", cluster.kubeconfigPath, "--context", "theirs"];
  });
  after(async () => {
    await cluster.stop();
    await line.close();
  });

  it("comes up on its nodes by the same program, and goes away again", async () => {
    const up = report.parse(JSON.parse(succeeded(await line.run(["up", "--json", ...place]))));
    assert.deepEqual(
      up.cluster.nodes.map(({ name }) => name),
      ["their-node"],
    );
    assert.equal(up.cluster.pods.filter(({ state }) => state === "running").length, 5);
    const { code, text } = await line.run(["down", ...place]);
    assert.equal(code, 0, text);
  });

  it("is refused a context that the kubeconfig does not have", async () => {
    const { code, text } = await line.run([
      "up",
      "--kubeconfig",
      cluster.kubeconfigPath,
      "--context",
      "their",
    ]);
    assert.equal(code, 1);
    assert.match(text, /has no context "their"\. Did you mean "theirs"\?/);
  });

  it("is refused when nobody there serves its web pages", async () => {
    const client = new KubernetesClient(cluster.kubeconfig);
    await client.request("DELETE", "/apis/networking.k8s.io/v1/ingressclasses/traefik");
    await client.close();
    const { code, text } = await line.run(["up", ...place]);
    assert.equal(code, 1);
    assert.match(text, /has no ingress class "traefik".*Set uap:cluster\.ingress to "install".*or to "none"/);
  });

  it("says so when the cluster does not answer", async () => {
    await cluster.stop();
    const { code, text } = await line.run(["up", ...place]);
    assert.equal(code, 1);
    assert.ok(text.includes(cluster.server), text);
    assert.doesNotMatch(text, /^\s+at /m);
  });
});

describe("a rehearsal that is disturbed", () => {
  let line: CommandLine;
  beforeEach(async () => {
    line = await CommandLine.open();
  });
  afterEach(() => line.close());

  it("goes on where a killed engine left off, and makes nothing twice", async () => {
    const first = await line.run(["up", "--fault", "engine-killed"]);
    assert.equal(first.code, 1);
    assert.match(first.text, /The engine was killed from outside\. .* run the same command again/);
    const { cluster } = report.parse(JSON.parse(succeeded(await line.run(["up", "--json"]))));
    assert.equal(cluster.pods.filter(({ system }) => system !== "").length, 5);
    const { text, code } = await line.run(["down"]);
    assert.equal(code, 0, text);
    assert.match(text, /58 deleted/);
  });

  it("survives an API server that is killed and comes back", async () => {
    const result = await line.run(["up", "--json", "--fault", "api-server-restarted"]);
    const { cluster } = report.parse(JSON.parse(succeeded(result)));
    assert.match(result.text, /api-server-restarted after \d+ of 58 steps/);
    assert.equal(cluster.pods.filter(({ state }) => state === "running").length, 5);
    succeeded(await line.run(["up", "--json"]));
  });

  it("stops in order on Ctrl-C, and goes on at the next run", async () => {
    const first = line.start(["up"]);
    await first.says(/✓ preview/);
    first.process.kill("SIGINT");
    const { code, text } = await first.ended;
    assert.equal(code, 130, text);
    assert.match(text, /Interrupted\. What was done so far is kept; the next run goes on from there\./);
    const { cluster } = report.parse(JSON.parse(succeeded(await line.run(["up", "--json"]))));
    assert.equal(cluster.pods.filter(({ state }) => state === "running").length, 5);
  });

  it("keeps the cluster awake when asked to, until Ctrl-C", async () => {
    const kept = line.start(["up", "--keep"]);
    await kept.says(/keeps running until you press Ctrl-C/);
    const kubeconfig = await readFile(join(line.folder, "local", "kubernetes", "kubeconfig"), "utf8");
    const client = new KubernetesClient(kubeconfig);
    const namespace = await client.request("GET", "/api/v1/namespaces/data");
    assert.equal((namespace as { kind: string }).kind, "Namespace");
    kept.process.kill("SIGINT");
    assert.equal((await kept.ended).code, 0);
    await assert.rejects(client.request("GET", "/version"), UnreachableError);
    await client.close();
  });

  it("lets one run at a time work on a stack", async () => {
    const first = line.start(["up"]);
    await first.says(/✓ tools/);
    const second = await line.run(["up"]);
    assert.equal(second.code, 1);
    assert.match(second.text, /The stack "local" is in use by process \d+/);
    assert.equal((await first.ended).code, 0);
  });

  it("names the stack that was probably meant", async () => {
    const { code, text } = await line.run(["up", "--stack", "locale"]);
    assert.equal(code, 1);
    assert.match(text, /There is no stack "locale".* Did you mean "local"\?/);
  });
});
