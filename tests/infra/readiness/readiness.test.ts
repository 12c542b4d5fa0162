import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { apiAccess, type ApiAccess } from "../../../infra/readiness/access.ts";
import { explainObstacle, obstacleOf } from "../../../infra/readiness/obstacle.ts";
import { nodesObstacle, Probe } from "../../../infra/readiness/probe.ts";
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
  async function look(difference: Partial<ApiAccess>, nodes: readonly string[] = ["node-1"]) {
    const probe = new Probe({ ...access, ...difference });
    try {
      return await probe.look(nodes);
    } finally {
      probe.close();
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
    assert.equal(await look({}), undefined);
    const { code, text } = await run({ UAP_KUBECONFIG: cluster.kubeconfig, UAP_NODES: "node-1" });
    assert.equal(code, 0, text);
    assert.equal(text, "The API is ready, and so are all nodes (1).\n");
  });

  it("names the nodes that have not joined, and ends in time with the reason", async () => {
    const environment = { UAP_KUBECONFIG: cluster.kubeconfig, UAP_NODES: "node-1,node-2", UAP_TIMEOUT: "1" };
    const { code, text } = await run(environment);
    assert.equal(code, 1);
    assert.match(text, /not ready after \d s: these nodes have not joined: node-2\. .*uap-bootstrap\.log/);
    assert.ok(!text.includes("PRIVATE"), "a key was printed");
  });

  it("tells a name that does not resolve", async () => {
    const server = new URL("https://api.nowhere.invalid:6443");
    assert.deepEqual(await look({ server }), { kind: "name", host: "api.nowhere.invalid" });
  });

  it("tells a port that is closed", async () => {
    const server = new URL(access.server);
    server.port = "1";
    assert.deepEqual(await look({ server }), { kind: "port", host: server.hostname, port: "1" });
  });

  it("tells a server that accepts and stays silent", async () => {
    const mute = createServer();
    await new Promise<void>((done) => mute.listen(0, "127.0.0.1", done));
    try {
      const { port } = mute.address() as { port: number };
      const seen = await look({ server: new URL(`https://127.0.0.1:${port}`) });
      assert.deepEqual(seen, { kind: "silence", host: "127.0.0.1", port: String(port) });
    } finally {
      mute.close();
    }
  }).timeout(15_000);

  it("tells a certificate that another authority signed", async () => {
    const seen = await look({ authority: access.certificate });
    assert.equal(seen?.kind, "certificate");
  });
});

describe("what stands in the way of a cluster", () => {
  it("is told with what to do", () => {
    assert.match(
      explainObstacle({ kind: "name", host: "api.a.b" }),
      /does not resolve yet\. .* enter the records/,
    );
    assert.match(explainObstacle({ kind: "silence", host: "h", port: "1" }), /uap:access\.operatorCidrs/);
    assert.match(explainObstacle({ kind: "refusal", status: 401 }), /answers 401 .* Replace its nodes/);
  });

  it("is told in the system's words when nobody foresaw it", () => {
    const seen = obstacleOf(new Error("the moon is full"), new URL("https://h"));
    assert.equal(explainObstacle(seen), "the moon is full.");
  });

  it("is a node that is not ready", () => {
    const node = (name: string, status: string) => ({
      metadata: { name },
      status: { conditions: [{ type: "Ready", status }] },
    });
    const list = JSON.stringify({ items: [node("a", "True"), node("b", "False")] });
    assert.deepEqual(nodesObstacle(["a", "b", "c"], list), { kind: "nodes", missing: ["c"], unready: ["b"] });
    assert.equal(nodesObstacle(["a"], list), undefined);
  });
});
