import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import bcrypt from "bcryptjs";
import { sizes } from "../../../config/systems.ts";
import { rendered } from "../../../platform/charts/rendering.ts";
import { phpHash, seedFiles, seedingPod } from "../../../platform/cluster/zabbix/administrator.ts";
import { loginRequest, registrationFiles } from "../../../platform/cluster/zabbix/registration.ts";
import { zabbixBudget, zabbixRendering } from "../../../platform/cluster/zabbix/rendering.ts";
import { zabbixValues } from "../../../platform/cluster/zabbix/values.ts";
import { assertChartValues, valueAt } from "../charts/chart-values.ts";
import { needsFacts } from "../charts/facts.ts";

const seeding = { host: "zabbix-postgresql", files: "seed", administrator: "admin", database: "access" };
const settings = { size: "small", claim: "volume", seeding, checksum: "abc" } as const;

describe("the values of Zabbix", () => {
  it("are known to the chart, in every size", function () {
    const folder = needsFacts(this);
    for (const size of sizes) assertChartValues(folder, "zabbix", zabbixValues({ ...settings, size }));
  });

  it("bound every container that the chart makes", () => {
    const values = zabbixValues(settings);
    for (const part of ["zabbixServer", "zabbixWeb", "zabbixAgent", "postgresql"])
      assert.deepEqual(
        Object.keys(valueAt(values, `${part}.resources`) as object),
        ["requests", "limits"],
        part,
      );
    const names = rendered("zabbix", zabbixRendering("small")).workloads.map(({ name }) => name);
    assert.deepEqual(names.sort(), [
      "zabbix-postgresql",
      "zabbix-zabbix-agent",
      "zabbix-zabbix-server",
      "zabbix-zabbix-web",
    ]);
  });

  it("take the database's password from a Secret, and keep the data on a volume", () => {
    const values = zabbixValues(settings);
    assert.equal(valueAt(values, "postgresAccess.existingSecretName"), "access");
    assert.deepEqual(valueAt(values, "postgresql.persistence"), {
      enabled: true,
      existingClaimName: "volume",
    });
  });

  it("let agents of nodes call the server, and answer nobody but themselves", () => {
    const agent = valueAt(zabbixValues(settings), "zabbixAgent");
    assert.equal(valueAt(agent, "ZBX_SERVER_HOST"), "zabbix-zabbix-server");
    assert.equal(valueAt(agent, "ZBX_PASSIVESERVERS"), "127.0.0.1");
  });

  it("ask for little", () => {
    assert.deepEqual(zabbixBudget("small", "5Gi"), {
      cpu: "130m",
      memory: "480Mi",
      storage: "5Gi",
      perNode: { cpu: "10m", memory: "32Mi" },
    });
  });
});

describe("Zabbix's first account", () => {
  it("has the generated password before the pages start", () => {
    const { container, volumes } = seedingPod(seeding);
    const values = zabbixValues(settings);
    assert.deepEqual(valueAt(values, "zabbixWeb.extraInitContainers"), [container]);
    assert.deepEqual(valueAt(values, "zabbixWeb.extraVolumes"), volumes);
    assert.deepEqual(
      volumes.map(({ name }) => name),
      ["seed-files", "seed-administrator"],
    );
    assert.match(seedFiles["seed.sh"], /--file \/seed\/files\/administrator\.sql$/m);
  });

  it("has the pages start anew when it gets another one", () => {
    const annotations = valueAt(zabbixValues(settings), "zabbixWeb.extraPodAnnotations");
    assert.deepEqual(annotations, { "uap.dev/checksum": "abc" });
  });

  it("has a hash that PHP reads", () => {
    const hash = bcrypt.hashSync("generated", 4);
    for (const variant of ["$2a$", "$2b$"]) {
      const read = phpHash(hash.replace(/^\$2.\$/, () => variant));
      assert.equal(read.slice(0, 7), "$2y$04$");
      assert.equal(read.slice(7), hash.slice(7));
    }
  });
});

/** Zabbix's API, as far as the Job asks it. */
async function withApi(
  hasAction: boolean,
  work: (
    address: string,
    asked: { method: string; params: unknown; token: string | undefined }[],
  ) => Promise<void>,
): Promise<void> {
  const asked: { method: string; params: unknown; token: string | undefined }[] = [];
  const results: Readonly<Record<string, unknown>> = {
    "user.login": "session-of-the-job",
    "action.get": hasAction ? [{ actionid: "7" }] : [],
    "hostgroup.get": [{ groupid: "2" }],
    "template.get": [{ templateid: "10343" }],
    "action.create": { actionids: ["7"] },
    "user.logout": true,
  };
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method, params } = JSON.parse(Buffer.concat(chunks).toString()) as {
        method: string;
        params: unknown;
      };
      asked.push({ method, params, token: incoming.headers.authorization });
      answer.end(JSON.stringify({ jsonrpc: "2.0", result: results[method], id: 1 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api_jsonrpc.php`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("agents that call Zabbix for the first time", () => {
  const run = promisify(execFile);
  let folder: string;
  before(async function () {
    await run("curl", ["--version"]).catch(() => this.skip());
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "uap-zabbix-"));
    const here = (text: string) => text.replaceAll(/\/(requests|login|tmp)\//g, `${folder}/$1/`);
    for (const name of ["requests", "login", "tmp"]) await mkdir(join(folder, name));
    for (const [name, text] of Object.entries(registrationFiles))
      await writeFile(join(folder, "requests", name), name.endsWith(".sh") ? here(text) : text);
    await writeFile(join(folder, "login", "login.json"), loginRequest("generated"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const register = (address: string) =>
    run("/bin/sh", [join(folder, "requests", "register.sh")], {
      env: { PATH: process.env.PATH, ZABBIX_API: address, no_proxy: "*" },
    });

  it("become hosts, once a Job has logged in and made an action for it", () =>
    withApi(false, async (address, asked) => {
      await register(address);
      const methods = asked.map(({ method }) => method);
      assert.deepEqual(methods, [
        "user.login",
        "action.get",
        "hostgroup.get",
        "template.get",
        "action.create",
        "user.logout",
      ]);
      assert.deepEqual(asked[0]?.params, { username: "Admin", password: "generated" });
      assert.deepEqual(
        [...new Set(asked.map(({ token }) => token))],
        [undefined, "Bearer session-of-the-job"],
      );
      assert.deepEqual(valueAt(asked[4]?.params, "operations"), [
        { operationtype: 2 },
        { operationtype: 4, opgroup: [{ groupid: "2" }] },
        { operationtype: 6, optemplate: [{ templateid: "10343" }] },
      ]);
    }));

  it("keep the action that is there, as people have it", () =>
    withApi(true, async (address, asked) => {
      await register(address);
      assert.deepEqual(
        asked.map(({ method }) => method),
        ["user.login", "action.get", "user.logout"],
      );
    }));
});
