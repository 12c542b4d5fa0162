import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import type { Readable, Writable } from "node:stream";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RandomPet } from "@pulumi/random";
import { installProviders, type InstalledProvider } from "../../../rehearsal/providers/install.ts";
import { installPolicyHost } from "../../../rehearsal/providers/policy-host.ts";
import { TestEngine } from "./engine.ts";

const { pulumi } = createRequire(import.meta.url)("@pulumi/random/package.json") as {
  pulumi: { version: string };
};

describe("installing the providers", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "uap-install-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const home = (): string => join(folder, "home");
  const plugin = (of: string): string =>
    join(of, `plugins/resource-random-v${pulumi.version}/pulumi-resource-random`);
  const install = async (...officialHomes: string[]): Promise<InstalledProvider | undefined> =>
    (await installProviders({ pulumiHome: home(), officialHomes })).find(({ name }) => name === "random");

  /** An official plugin for these tests: an executable that is not ours. */
  function official(path: string): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "#!/bin/sh\nexit 7\n");
    chmodSync(path, 0o755);
    return path;
  }

  it("puts a stand-in of the SDK's version where there is no official plugin", async () => {
    const installed = await installProviders({ pulumiHome: home(), officialHomes: [join(folder, "none")] });
    for (const name of ["command", "kubernetes", "linode", "random", "scaleway", "tls", "vultr"]) {
      assert.equal(installed.find((provider) => provider.name === name)?.kind, "stand-in");
    }
    // Its SDK does not name the plugin's version: it is the SDK's own, without the "v" in front.
    const vultr = installed.find(({ name }) => name === "vultr");
    assert.match(vultr?.version ?? "", /^\d+\.\d+\.\d+$/);
    assert.deepEqual(await install(), { name: "random", version: pulumi.version, kind: "stand-in" });
    const child = spawn(plugin(home()), { stdio: ["pipe", "pipe", "inherit"] });
    try {
      const [port] = (await once(child.stdout, "data")) as [Buffer];
      assert.match(port.toString(), /^\d+\n$/);
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("links to an official plugin elsewhere, and goes back to the stand-in when that is gone", async () => {
    await install();
    const path = official(plugin(join(folder, "theirs")));
    assert.equal((await install(join(folder, "none"), join(folder, "theirs")))?.kind, "official");
    assert.equal(readlinkSync(plugin(home())), path);
    // The engine looks at real folders only.
    assert.ok(lstatSync(dirname(plugin(home()))).isDirectory());
    assert.equal(spawnSync(plugin(home())).status, 7);
    rmSync(path);
    assert.equal((await install(join(folder, "theirs")))?.kind, "stand-in");
    assert.ok(lstatSync(plugin(home())).isFile());
    assert.ok(!existsSync(path), "nothing is written to their home");
  });

  it("leaves an official plugin in the engine's own home alone", async () => {
    official(plugin(home()));
    assert.equal((await install())?.kind, "official");
    assert.equal(spawnSync(plugin(home())).status, 7);
  });

  it("does not count as official: a stand-in of another run, a half download, a file that cannot be run", async () => {
    const other = join(folder, "other");
    await installProviders({ pulumiHome: other, officialHomes: [] });
    assert.equal((await install(other))?.kind, "stand-in");
    const half = join(folder, "half");
    official(plugin(half));
    writeFileSync(`${dirname(plugin(half))}.partial`, "");
    assert.equal((await install(half))?.kind, "stand-in");
    const data = join(folder, "data");
    chmodSync(official(plugin(data)), 0o644);
    assert.equal((await install(data))?.kind, "stand-in");
  });

  it("prefers what is on the search path, as the engine does", async () => {
    const { PATH } = process.env;
    official(join(folder, "bin/pulumi-resource-random"));
    process.env.PATH = `${join(folder, "bin")}:${PATH ?? ""}`;
    try {
      assert.equal((await install())?.kind, "official");
    } finally {
      process.env.PATH = PATH;
    }
    assert.ok(!existsSync(plugin(home())));
  });

  it("writes nothing when nothing has changed, and mends what is broken", async () => {
    await install();
    const { ino } = lstatSync(plugin(home()));
    await install();
    assert.equal(lstatSync(plugin(home())).ino, ino);
    writeFileSync(
      plugin(home()),
      "#!/bin/sh\n# Made by the rehearsal of uap; it will be made again when it is missing.\n",
    );
    await install();
    assert.notEqual(lstatSync(plugin(home())).ino, ino);
  });

  it("is safe when several runs do it at once", async () => {
    await Promise.all(Array.from({ length: 20 }, () => install()));
    assert.deepEqual(readdirSync(dirname(plugin(home()))), ["pulumi-resource-random"]);
    assert.equal(lstatSync(plugin(home())).mode & 0o777, 0o755);
  });
});

describe("the policy host", () => {
  let folder: string;
  let host: ChildProcessByStdio<Writable, Readable, null> | undefined;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "uap-policy-"));
    await installPolicyHost(join(folder, "bin"));
    writePack(join(folder, "pack"));
  });

  afterEach(() => {
    host?.kill("SIGKILL");
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("runs a pack of TypeScript modules on the real engine, and a violation fails the preview", async () => {
    const engine = await TestEngine.open({ PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}` });
    try {
      const program = (length: number) => async () =>
        Promise.resolve({ name: new RandomPet("pet", { length }).id });
      const policyPacks = [join(folder, "pack")];
      await assert.rejects(engine.preview(program(1), { policyPacks }), /A pet's name has two words/);
      assert.deepEqual((await engine.preview(program(2), { policyPacks })).changes, { create: ["pet"] });
    } finally {
      await engine.close();
    }
  });

  it("ends when the engine's end of its standard input closes", async () => {
    host = spawn(join(folder, "bin/pulumi-analyzer-policy-nodejs"), ["127.0.0.1:1", "."], {
      cwd: join(folder, "pack"),
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(host.stdout, "data");
    host.stdin.end();
    assert.deepEqual(await once(host, "exit"), [0, null]);
  });
});

/** A policy pack as the project's own is written. */
function writePack(folder: string): void {
  const files = {
    "PulumiPolicy.yaml": "runtime: nodejs\nmain: start.js\n",
    "package.json": JSON.stringify({ name: "pets", version: "0.0.1", type: "module", main: "start.js" }),
    "start.js": 'import "./index.ts";\n',
    "index.ts": `
      import { PolicyPack } from "${import.meta.resolve("@pulumi/policy")}";
      import { words } from "./words.ts";
      new PolicyPack("pets", { policies: [{
        name: "two-words", description: "Names are long.", enforcementLevel: "mandatory",
        validateResource: (resource: { type: string; props: { length?: number } }, report: (message: string) => void) => {
          if (!resource.type.endsWith("RandomPet")) return;
          if (resource.props.length !== words) report("A pet's name has two words.");
        },
      }] });`,
    "words.ts": "export const words: number = 2;\n",
  };
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}
