import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { seedOf, writeSeeds, type SeededMachine } from "../../../infra/bootstrap/seeds.ts";
import {
  removeSeedFiles,
  seedsFolder,
  shownFolder,
  writeSeedFiles,
} from "../../../infra/bootstrap/seeds-folder.ts";
import type { NodeFiles } from "../../../infra/clouds/on-prem.ts";
import { runComponents, valueOf } from "../../support/components.ts";

const seed = (name: string) => ({
  "user-data": `#cloud-config\nhostname: ${name}\n`,
  "meta-data": `id: ${name}\n`,
});

describe("the files of machines of one's own", () => {
  let parent: string;
  let folder: string;
  const read = (...path: string[]) => readFile(join(folder, ...path), "utf8");
  const mode = async (...path: string[]) => ((await stat(join(folder, ...path))).mode & 0o777).toString(8);

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "uap-seeds-"));
    folder = join(parent, "nodes", "dev");
  });
  afterEach(async () => {
    await rm(parent, { recursive: true });
  });

  it("are in a folder for each node, for its owner only", async () => {
    await writeSeedFiles(folder, { "lab-1": seed("lab-1"), "lab-2": seed("lab-2") });
    assert.equal(await read("lab-1", "user-data"), seed("lab-1")["user-data"]);
    assert.equal(await read("lab-2", "meta-data"), seed("lab-2")["meta-data"]);
    assert.deepEqual((await readdir(folder)).sort(), [".written.json", "lab-1", "lab-2"]);
    assert.deepEqual((await readdir(join(folder, "lab-1"))).sort(), ["meta-data", "user-data"]);
    assert.deepEqual(
      [await mode(), await mode("lab-1"), await mode("lab-1", "user-data")],
      ["700", "700", "600"],
    );
  });

  it("are left alone when they are right, and renewed when they differ or others could read them", async () => {
    const inode = async (name: string) => (await stat(join(folder, "lab-1", name))).ino;
    await writeSeedFiles(folder, { "lab-1": seed("lab-1") });
    const before = [await inode("user-data"), await inode("meta-data")];
    await writeSeedFiles(folder, { "lab-1": { ...seed("lab-1"), "user-data": "new" } });
    assert.notEqual(await inode("user-data"), before[0]);
    assert.equal(await inode("meta-data"), before[1]);
    await chmod(join(folder, "lab-1", "meta-data"), 0o644);
    await writeSeedFiles(folder, { "lab-1": { ...seed("lab-1"), "user-data": "new" } });
    assert.equal(await mode("lab-1", "meta-data"), "600");
  });

  it("go with their node, and nothing else does", async () => {
    await writeSeedFiles(folder, { "lab-1": { ...seed("lab-1"), "join.sh": "" }, "lab-2": seed("lab-2") });
    await mkdir(join(folder, "own"));
    await writeFile(join(folder, "own", "user-data"), "mine");
    await writeFile(join(folder, "lab-2", "notes.txt"), "mine");
    await writeSeedFiles(folder, { "lab-1": seed("lab-1") });
    assert.deepEqual((await readdir(join(folder, "lab-1"))).sort(), ["meta-data", "user-data"]);
    assert.deepEqual(await readdir(join(folder, "lab-2")), ["notes.txt"]);
    assert.equal(await read("own", "user-data"), "mine");
    await writeSeedFiles(folder, {});
    assert.deepEqual((await readdir(folder)).sort(), ["lab-2", "own"]);
  });

  it("leave no folder behind, and need none when there are no such machines", async () => {
    await writeSeedFiles(folder, {});
    assert.deepEqual(await readdir(parent), []);
    await writeSeedFiles(folder, { "lab-1": seed("lab-1") });
    await writeSeedFiles(folder, {});
    assert.deepEqual(await readdir(join(parent, "nodes")), []);
  });

  it("go with a node that leaves, and with the last one the folder goes", async () => {
    await writeSeedFiles(folder, { "lab-1": seed("lab-1"), "lab-2": seed("lab-2") });
    await removeSeedFiles(folder, "lab-1");
    await removeSeedFiles(folder, "lab-1");
    assert.deepEqual((await readdir(folder)).sort(), [".written.json", "lab-2"]);
    await removeSeedFiles(folder, "lab-2");
    assert.deepEqual(await readdir(join(parent, "nodes")), []);
    await removeSeedFiles(folder, "lab-2");
  });

  it("all go when their nodes leave at once", async () => {
    const names = ["lab-1", "lab-2", "lab-3"];
    await writeSeedFiles(folder, Object.fromEntries(names.map((name) => [name, seed(name)])));
    await Promise.all(names.map((name) => removeSeedFiles(folder, name)));
    assert.deepEqual(await readdir(join(parent, "nodes")), []);
  });

  it("are not looked for outside of the folder, whatever stands in its list", async () => {
    const victim = join(parent, "victim");
    await mkdir(victim);
    await writeFile(join(victim, "user-data"), "precious");
    await mkdir(folder, { recursive: true });
    for (const list of ['{"../../victim":["user-data"]}', '{"lab-1":["../../../victim/user-data"]}', "{"]) {
      await writeFile(join(folder, ".written.json"), list);
      await assert.rejects(writeSeedFiles(folder, {}), /\.written\.json in it is damaged/);
    }
    await symlink(victim, join(folder, "lab-1"));
    await writeFile(join(folder, ".written.json"), '{"lab-1":["user-data"]}');
    await writeSeedFiles(folder, {});
    assert.equal(await readFile(join(victim, "user-data"), "utf8"), "precious");
  });

  it("come with how to use them, which no secret is in", () => {
    const files = { ...seed("lab-1"), "join.sh": "secret-token" };
    const readme = seedOf({ name: "lab-1", arch: "arm64" }, files)["README.txt"] ?? "";
    assert.match(readme, /the node lab-1/);
    assert.match(readme, /system-boot, and boot\./);
    // The bootstrap script adds it.
    assert.doesNotMatch(readme, /cmdline/);
    assert.match(readme, /sudo sh < join\.sh/);
    assert.doesNotMatch(readme, /secret-token/);
    const plain = seedOf({ name: "lab-1", arch: "amd64" }, seed("lab-1"))["README.txt"] ?? "";
    assert.match(plain, /cidata/);
    assert.doesNotMatch(plain, /Raspberry|join\.sh/);
  });

  it("are below the project, or where the environment says", () => {
    const previous = process.env.UAP_SEEDS;
    try {
      delete process.env.UAP_SEEDS;
      assert.equal(shownFolder(seedsFolder("dev")), join(".nodes", "dev"));
      process.env.UAP_SEEDS = "/media/stick";
      assert.equal(shownFolder(seedsFolder("dev")), "/media/stick");
    } finally {
      if (previous === undefined) delete process.env.UAP_SEEDS;
      else process.env.UAP_SEEDS = previous;
    }
  });

  describe("in the program", () => {
    const machine = (): SeededMachine => {
      const files: NodeFiles = seed("lab-1");
      return { node: { name: "lab-1", arch: "amd64" }, files: pulumi.secret(files) };
    };

    it("are written before the names of the nodes are known, which are no secret", async () => {
      const { result } = await runComponents(() => writeSeeds([machine()], folder));
      assert.deepEqual(await valueOf(result), ["lab-1"]);
      assert.equal(await read("lab-1", "user-data"), seed("lab-1")["user-data"]);
      assert.equal(await pulumi.isSecret(result), false);
    });

    it("are not written by a preview", async () => {
      const { result } = await runComponents(() => {
        void pulumi.runtime.setMocks(
          { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
          "uap",
          "test",
          true,
        );
        return writeSeeds([machine()], folder);
      });
      assert.deepEqual(await valueOf(result), ["lab-1"]);
      assert.deepEqual(await readdir(parent), []);
    });
  });

  it("say how to help when the folder cannot be written", async () => {
    await writeFile(join(parent, "nodes"), "a file where the folder should be");
    await assert.rejects(writeSeedFiles(folder, { "lab-1": seed("lab-1") }), {
      message: /^The files for your own machines cannot be written to .*nodes\/dev: .*UAP_SEEDS\.$/,
    });
  });
});
