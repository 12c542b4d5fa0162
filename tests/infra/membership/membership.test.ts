import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { nodeMembership } from "../../../infra/membership/index.ts";
import { waitUntilReady } from "../../../infra/readiness/index.ts";
import { TestEngine } from "../../rehearsal/providers/engine.ts";

describe("a node's membership on the real engine", () => {
  let project: string;
  let log: string;
  let engine: TestEngine;

  before(async () => {
    // In the place of the project: its programs only note that they were started.
    project = await mkdtemp(join(tmpdir(), "uap-membership-"));
    log = join(project, "log");
    await note("infra/membership/leave.ts", "`leave ${process.env.UAP_NODE}`");
    await note("infra/readiness/main.ts", "`wait for ${process.env.UAP_NODES}`");
    engine = await TestEngine.open({ UAP_PROJECT: project });
  });
  beforeEach(async () => {
    await writeFile(log, "");
  });
  after(async () => {
    await engine.close();
    await rm(project, { recursive: true });
  });

  async function note(path: string, what: string): Promise<void> {
    const file = join(project, path);
    await mkdir(dirname(file), { recursive: true });
    const lines = [
      'import { appendFileSync } from "node:fs";',
      `appendFileSync(${JSON.stringify(log)}, ${what} + "\\n");`,
    ];
    await writeFile(file, lines.join("\n"));
  }

  const noted = async () => (await readFile(log, "utf8")).split("\n").filter((line) => line !== "");

  interface Wish {
    readonly nodes?: readonly string[];
    readonly kubeconfig?: string;
    /** Another one asks for another server. */
    readonly generation?: string;
  }

  /** Servers that are replaced as those of the clouds are, with what stands between them and the platform. */
  const program =
    ({ nodes = ["a", "b"], kubeconfig = "the-certificate", generation = "1" }: Wish = {}) =>
    async () => {
      const memberships = nodes.map((node) => {
        const server = new command.local.Command(
          `server-${node}`,
          {
            create: `echo create ${node} >> ${log}`,
            delete: `echo delete ${node} >> ${log}`,
            triggers: [node === "a" ? generation : "1"],
          },
          { deleteBeforeReplace: true },
        );
        const args = { node, kubeconfig: pulumi.secret(kubeconfig), server: server.id };
        return nodeMembership(`member-${node}`, args, {});
      });
      const ready = waitUntilReady("ready", { kubeconfig, nodes, memberships }, {});
      new command.local.Command(
        "platform",
        { delete: `echo delete platform >> ${log}` },
        { dependsOn: ready },
      );
      return Promise.resolve({});
    };

  it("does nothing when it is made, and keeps the kubeconfig secret", async () => {
    const { said } = await engine.up(program());
    assert.deepEqual((await noted()).sort(), ["create a", "create b", "wait for a,b"]);
    assert.ok(!(said + (await engine.state())).includes("the-certificate"));
  });

  it("takes note of a renewed certificate, and runs nothing but the wait", async () => {
    const { changes } = await engine.up(program({ kubeconfig: "another-certificate" }));
    assert.deepEqual(changes, { update: ["member-a", "member-b", "ready"] });
    assert.deepEqual(await noted(), ["wait for a,b"]);
    await engine.up(program());
  });

  it("ends before its server is replaced, and begins anew without disturbing others", async () => {
    const { changes } = await engine.up(program({ generation: "2" }));
    assert.deepEqual(changes.replace, ["member-a", "ready", "server-a"]);
    assert.deepEqual(await noted(), ["leave a", "delete a", "create a", "wait for a,b"]);
  });

  it("ends before its server is deleted", async () => {
    await engine.up(program({ nodes: ["a"], generation: "2" }));
    assert.deepEqual(await noted(), ["wait for a", "leave b", "delete b"]);
  });

  it("ends after the platform when everything goes", async () => {
    await engine.destroy();
    assert.deepEqual(await noted(), ["delete platform", "leave a", "delete a"]);
  });

  it("does not keep its server when the program is no longer where it was", async () => {
    await engine.up(program({ nodes: ["a"] }));
    await rm(join(project, "infra/membership/leave.ts"));
    await writeFile(log, "");
    await engine.destroy();
    assert.deepEqual(await noted(), ["delete platform", "delete a"]);
  });
});
