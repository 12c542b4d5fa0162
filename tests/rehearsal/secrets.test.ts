import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { bootOf } from "../../rehearsal/clouds/boot.ts";
import { serversOf, type CloudsState } from "../../rehearsal/clouds/index.ts";
import { CommandLine } from "../support/command-line.ts";

/** Keys and tokens that the servers were given: what nobody else may see. */
function secretsOf(state: CloudsState): string[] {
  return serversOf(state).flatMap(({ userData }) => {
    const boot = bootOf(userData);
    assert.ok(boot.joins);
    const { token, agentToken = "", authorities } = boot.plan;
    const keys = Object.entries(authorities).filter(([name]) => name.endsWith(".key"));
    // The middle of a key: its first and last lines are much alike.
    const bodies = keys.map(([, pem]) => pem.split("\n")[1] ?? "");
    return [token.secret, agentToken, ...bodies];
  });
}

/** A text in the forms in which it may slip out. */
function formsOf(secret: string): string[] {
  return [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)];
}

describe("what only a cluster's nodes may know", () => {
  let line: CommandLine;
  let printed = "";
  let state: CloudsState;
  before(async () => {
    line = await CommandLine.open();
    const preview = await line.run(["preview", "--stack", "c2", "--json"]);
    const up = await line.run(["up", "--stack", "c2", "--json"]);
    const again = await line.run(["status", "--stack", "c2", "--json"]);
    assert.deepEqual([preview.code, up.code, again.code], [0, 0, 0], up.text);
    printed = [preview, up, again].flatMap(({ text, output }) => [text, output]).join("\n");
    state = JSON.parse(
      await readFile(join(line.folder, "c2", "clouds", "clouds.json"), "utf8"),
    ) as CloudsState;
  });
  after(() => line.close());

  it("is in no output, log or preview", () => {
    const secrets = secretsOf(state);
    assert.ok(secrets.length >= 8 && secrets.every((secret) => secret.length >= 32));
    for (const form of secrets.flatMap(formsOf)) assert.ok(!printed.includes(form), "a secret was printed");
    assert.doesNotMatch(printed, /PRIVATE KEY|client-key-data|K10[0-9a-f]{64}/);
  });

  it("stands in the engine's state encrypted only", async () => {
    const folder = join(line.folder, "c2", "state");
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".json"));
    assert.ok(files.length > 0);
    for (const name of files) {
      const text = await readFile(join(folder, name), "utf8");
      for (const form of secretsOf(state).flatMap(formsOf)) assert.ok(!text.includes(form), name);
      assert.doesNotMatch(text, /PRIVATE KEY/, name);
    }
  });

  it("is in nothing that a cloud shows but the user-data", () => {
    for (const { cloud, kind, inputs, outputs } of state.resources) {
      const shown = JSON.stringify({ ...inputs, ...outputs, userData: "", metadatas: "" });
      for (const form of secretsOf(state).flatMap(formsOf))
        assert.ok(!shown.includes(form), `${cloud} ${kind}`);
      assert.doesNotMatch(shown, /PRIVATE KEY/, `${cloud} ${kind}`);
    }
  });

  it("is kept by the rehearsal where its owner alone can read it", async () => {
    const { mode } = await stat(join(line.folder, "c2", "clouds", "clouds.json"));
    assert.equal(mode & 0o077, 0);
  });
});
