import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanupScript } from "../../../platform/storage/rook-ceph/cleanup.ts";

interface Cluster {
  readonly cephclusters: readonly object[];
  readonly pods: readonly object[];
  readonly jobs: readonly object[];
}

const daemon = { metadata: { labels: { app: "rook-ceph-osd" } } };
const operator = { metadata: { labels: { app: "rook-ceph-operator" } } };
const atWork = { status: { active: 1 } };
const done = { status: { succeeded: 1 } };

describe("what waits for the nodes to become clean", () => {
  let folder: string;
  let server: Server;
  let states: Cluster[];
  /** Questions for pods: one a look. */
  let looks: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "uap-cleanup-"));
    await writeFile(join(folder, "token"), "token-of-the-test");
    server = createServer((request, response) => {
      if (request.headers.authorization !== "Bearer token-of-the-test") return response.writeHead(401).end();
      const kind = /\/(cephclusters|pods|jobs)(\?|$)/.exec(request.url ?? "")?.[1] as keyof Cluster;
      if (kind === "cephclusters" && states.length > 1 && looks > 0) states.shift();
      if (kind === "cephclusters") looks += 1;
      return response.end(JSON.stringify({ items: states[0]?.[kind] ?? [] }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  /** @returns how often it looked before it was content */
  const wait = async (...all: Cluster[]) => {
    states = all;
    looks = 0;
    const { port } = server.address() as AddressInfo;
    const env = {
      PATH: process.env.PATH,
      API: `http://127.0.0.1:${port}`,
      ACCOUNT: folder,
      NAMESPACE: "rook-ceph",
      PAUSE: "0.01",
    };
    const child = spawn("python3", ["-c", cleanupScript], { env, stdio: ["ignore", "inherit", "inherit"] });
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 0);
    return looks;
  };

  it("waits for the daemons to stop, for the Jobs to begin, and for all of them to succeed", async () => {
    const gone = { cephclusters: [], pods: [operator], jobs: [] };
    const all = [
      { ...gone, pods: [daemon, operator], jobs: [done] },
      gone,
      { ...gone, jobs: [done, atWork] },
      { ...gone, jobs: [done, done] },
    ];
    assert.equal(await wait(...all), 4);
  });

  it("goes at once while there is a cluster", async () => {
    assert.equal(await wait({ cephclusters: [{}], pods: [daemon], jobs: [] }), 1);
  });
});
