import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { apiAccess, KubernetesApi, type ApiAccess, type ApiMessage } from "../../../infra/kubernetes-api.ts";
import { marksText, type NodeMarks } from "../../../infra/node-marks.ts";
import { look, type Expectation } from "../../../infra/readiness/probe.ts";
import { startKubernetes, type RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import { clusterTools } from "../../../rehearsal/session/session-cluster.ts";
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
      return await look(api, { nodes });
    } finally {
      api.close();
    }
  }

  const run = (environment: Record<string, string>, marks: Readonly<Record<string, NodeMarks>> = {}) =>
    new Promise<{ code: number; text: string }>((done) => {
      const { stdin } = execFile(
        process.execPath,
        [main],
        { env: { ...process.env, ...environment } },
        (error, out, complaint) => {
          done({ code: typeof error?.code === "number" ? error.code : 0, text: out + complaint });
        },
      );
      stdin?.end(marksText(marks));
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
      "A node's bootstrap writes what it does to /var/log/uap-bootstrap.log on its machine. When it fails it begins anew after a minute, at once by `sudo systemctl restart uap-bootstrap`.",
      "Waiting: these nodes have not joined: node-2.",
      "The cluster is not ready after 1 s: these nodes have not joined: node-2.",
      "A node's bootstrap writes what it does to /var/log/uap-bootstrap.log on its machine. When it fails it begins anew after a minute, at once by `sudo systemctl restart uap-bootstrap`.",
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

  describe("writes to Nodes", () => {
    const wanted: NodeMarks = {
      labels: { disk: "ssd" },
      taints: ["dedicated=pi:NoSchedule"],
      annotations: { "kilo.squat.ai/leader": "true" },
    };
    const none: NodeMarks = { labels: {}, taints: [], annotations: {} };
    const marks = (ofNode: NodeMarks) => new Map([["node-1", ofNode]]);

    interface Found {
      readonly metadata: Record<"labels" | "annotations", Readonly<Record<string, string>>>;
      readonly spec: { readonly taints?: readonly object[] };
    }

    async function lookFor(expected: Expectation, api = new KubernetesApi(access)) {
      try {
        const seen = await look(api, expected);
        const { body } = await api.request("/api/v1/nodes/node-1");
        return { seen, node: JSON.parse(body) as Found };
      } finally {
        api.close();
      }
    }

    afterEach(() => lookFor({ nodes: [], marks: marks(none) }));

    it("as soon as they have joined, whoever is missing, and takes back what is wanted no longer", async () => {
      const environment = {
        UAP_KUBECONFIG: cluster.kubeconfig,
        UAP_NODES: "node-1,node-2",
        UAP_TIMEOUT: "0",
      };
      const { code, text } = await run(environment, { "node-1": wanted, "node-2": wanted });
      assert.equal(code, 1);
      assert.match(text, /joined: node-2\./);
      const { node } = await lookFor({ nodes: [] });
      assert.equal(node.metadata.labels.disk, "ssd");
      assert.equal(node.metadata.labels["kubernetes.io/hostname"], "node-1");
      assert.equal(node.metadata.annotations["kilo.squat.ai/leader"], "true");
      assert.deepEqual(node.spec.taints, [{ key: "dedicated", value: "pi", effect: "NoSchedule" }]);
      const { node: after } = await lookFor({ nodes: [], marks: marks(none) });
      assert.equal(after.metadata.labels.disk, undefined);
      assert.equal(after.metadata.labels["kubernetes.io/hostname"], "node-1");
      assert.equal(after.metadata.annotations["kilo.squat.ai/leader"], undefined);
      assert.equal(after.spec.taints, undefined);
    });

    it("again when somebody else has written in between, and keeps what they wrote", async () => {
      let races = 2;
      class Raced extends KubernetesApi {
        override async request(path: string, message?: ApiMessage) {
          if (message?.method === "PATCH" && races-- > 0) {
            const body = { metadata: { labels: { race: String(races) } } };
            await super.request(path, { ...message, body });
          }
          return super.request(path, message);
        }
      }
      const { seen, node } = await lookFor({ nodes: [], marks: marks(wanted) }, new Raced(access));
      assert.equal(seen, undefined);
      assert.deepEqual([node.metadata.labels.disk, node.metadata.labels.race], ["ssd", "0"]);
    });

    it("nothing when they have it already", async () => {
      let writes = 0;
      class Counting extends KubernetesApi {
        override request(path: string, message?: ApiMessage) {
          if (message?.method === "PATCH") writes++;
          return super.request(path, message);
        }
      }
      for (const expected of [1, 1]) {
        await lookFor({ nodes: [], marks: marks(wanted) }, new Counting(access));
        assert.equal(writes, expected);
      }
    });

    it("and waits on when the API server refuses, with its reason", async () => {
      const labels = { disk: "not a value" };
      const { seen } = await lookFor({ nodes: ["node-1"], marks: marks({ ...none, labels }) });
      assert.ok(seen?.kind === "marks", JSON.stringify(seen));
      assert.equal(seen.node, "node-1");
      assert.match(seen.detail, /metadata\.labels.*not a value/);
    });

    it("and does not take a Node for joined that was deleted in between", async () => {
      class Deleting extends KubernetesApi {
        override async request(path: string, message?: ApiMessage) {
          return message?.method === "PATCH" ? { status: 404, body: "{}" } : super.request(path, message);
        }
      }
      const { seen } = await lookFor({ nodes: ["node-1"], marks: marks(wanted) }, new Deleting(access));
      assert.deepEqual(seen, { kind: "nodes", missing: ["node-1"], unready: [] });
    });
  });
});
