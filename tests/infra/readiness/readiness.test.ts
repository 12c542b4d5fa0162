import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { apiAccess, KubernetesApi, type ApiAccess } from "../../../infra/kubernetes-api.ts";
import { look } from "../../../infra/readiness/probe.ts";
import { startKubernetes, type RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import { clusterTools } from "../../../rehearsal/session/cluster.ts";
import { obtainTools } from "../../../rehearsal/toolchain/index.ts";

const main = resolve(import.meta.dirname, "..", "..", "..", "infra", "readiness", "main.ts");

describe("the wait for a cluster", () => {
  let folder: string;
  let cluster: RunningKubernetes;
  let access: ApiAccess;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "uap-readiness-"));
    cluster = await startKubernetes({
      name: "waited-for",
      folder,
      tools: await obtainTools(clusterTools),
      nodes: [{ name: "node-1", cpu: "1", memory: "1Gi" }],
    });
    access = apiAccess(cluster.kubeconfig);
  });
  after(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Looks once at a cluster whose access differs in something. */
  async function lookWith(difference: Partial<ApiAccess>, nodes: readonly string[] = ["node-1"]) {
    const api = new KubernetesApi({ ...access, ...difference });
    try {
      return await look(api, nodes);
    } finally {
      api.close();
    }
  }

  const run = (environment: Record<string, string>) =>
    new Promise<{ code: number; text: string }>((done) => {
      execFile(
        process.execPath,
        [main],
        { env: { ...process.env, ...environment } },
        (error, out, complaint) => {
          done({ code: typeof error?.code === "number" ? error.code : 0, text: out + complaint });
        },
      );
    });

  it("is over when the API and every node are ready", async () => {
    assert.equal(await lookWith({}), undefined);
    const { code, text } = await run({ UAP_KUBECONFIG: cluster.kubeconfig, UAP_NODES: "node-1" });
    assert.equal(code, 0, text);
    assert.equal(text, "The API is ready, and so are all nodes (1).\n");
  });

  it("names the nodes that have not joined, and ends in time with the reason", async () => {
    const environment = { UAP_KUBECONFIG: cluster.kubeconfig, UAP_NODES: "node-1,node-2", UAP_TIMEOUT: "1" };
    const { code, text } = await run(environment);
    assert.equal(code, 1);
    assert.deepEqual(text.split("\n"), [
      "A node's bootstrap writes what it does to /var/log/uap-bootstrap.log on its machine.",
      "Waiting: these nodes have not joined: node-2.",
      "The cluster is not ready after 1 s: these nodes have not joined: node-2.",
      "A node's bootstrap writes what it does to /var/log/uap-bootstrap.log on its machine.",
      "",
    ]);
  });

  it("tells from which files to boot machines that have not joined", async () => {
    const { text } = await run({
      UAP_KUBECONFIG: cluster.kubeconfig,
      UAP_NODES: "node-1,lab-1",
      UAP_MACHINES: "lab-1",
      UAP_STACK: "dev",
      UAP_SEEDS: "",
      UAP_TIMEOUT: "0",
    });
    assert.match(
      text,
      /joined: lab-1\.\nBoot lab-1 from the files in \.nodes\/dev, a folder for each machine\.\n$/,
    );
  });

  it("waits as long as the person at the terminal says, whatever the stack says", async () => {
    const environment = { UAP_KUBECONFIG: cluster.kubeconfig, UAP_NODES: "node-2", UAP_TIMEOUT: "900" };
    const { text } = await run({ ...environment, UAP_READY_TIMEOUT: "0" });
    assert.match(text, /not ready after 0 s/);
    const wrong = await run({ ...environment, UAP_READY_TIMEOUT: "soon" });
    assert.deepEqual(wrong, {
      code: 1,
      text: 'UAP_READY_TIMEOUT is "soon": give a number of seconds, such as 900.\n',
    });
  });

  it("tells a name that does not resolve", async () => {
    const server = new URL("https://api.nowhere.invalid:6443");
    assert.deepEqual(await lookWith({ server }), { kind: "name", host: "api.nowhere.invalid" });
  });

  it("tells a port that is closed", async () => {
    const server = new URL(access.server);
    server.port = "1";
    assert.deepEqual(await lookWith({ server }), { kind: "port", host: server.hostname, port: "1" });
  });

  it("tells a server that accepts and stays silent", async () => {
    const mute = createServer();
    await new Promise<void>((done) => mute.listen(0, "127.0.0.1", done));
    try {
      const { port } = mute.address() as { port: number };
      const seen = await lookWith({ server: new URL(`https://127.0.0.1:${port}`) });
      assert.deepEqual(seen, { kind: "silence", host: "127.0.0.1", port: String(port) });
    } finally {
      mute.close();
    }
  }).timeout(15_000);

  it("tells a certificate that another authority signed", async () => {
    const seen = await lookWith({ authority: access.certificate });
    assert.equal(seen?.kind, "certificate");
  });
});
