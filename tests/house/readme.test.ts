import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { parseConfiguration } from "../../config/configuration.ts";
import { clouds } from "../../config/regions.ts";
import { nodeNames } from "../../config/sections/pools.ts";
import { catalogue, rowOf } from "../../platform/catalogue.ts";
import { stackChecks } from "../../platform/stack-checks.ts";
import { listStacks } from "../../rehearsal/engine/stacks.ts";
import { GO_MINIMUM } from "../../rehearsal/toolchain/tools.ts";
import { readStackSettings } from "../../rehearsal/session/settings.ts";

const project = resolve(import.meta.dirname, "..", "..");
const readme = readFileSync(join(project, "README.md"), "utf8");
const guide = readFileSync(join(project, "docs", "guide", "README.md"), "utf8");

const numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"];

/** The lines of the table under a heading, cell by cell. */
function tableUnder(heading: string): string[][] {
  const [, section = ""] = readme.split(`\n## ${heading}\n`);
  const lines =
    section
      .split("\n## ")[0]
      ?.split("\n")
      .filter((line) => line.startsWith("| `")) ?? [];
  return lines.map((line) => line.split("|").map((cell) => cell.trim()));
}

describe("the README", () => {
  it("says what is built", () => {
    const status = /\*\*Status\.\*\*[^#]*/.exec(readme)?.[0] ?? "";
    assert.ok(status.includes(`on ${numbers[Object.keys(clouds).length] ?? ""} clouds`));
    const above = Object.keys(catalogue).filter((name) => {
      const row = rowOf(name as keyof typeof catalogue);
      return !row.planned && !["cluster", "storage"].includes(row.layer);
    });
    assert.deepEqual(above, ["mosquitto", "portal"]);
    assert.match(status, /Above them, Mosquitto and the portal exist/);
    const unbuilt = Object.entries(catalogue).filter(
      ([, row]) => row.layer === "cluster" && "planned" in row && row.planned,
    );
    assert.deepEqual(unbuilt, []);
  });

  it("lists every stack with its guide, and as many nodes as it has", async () => {
    const rows = tableUnder("Stacks");
    const stacks = rows.map(([, name = ""]) => name.replaceAll("`", ""));
    assert.deepEqual(stacks.toSorted(), await listStacks());
    for (const [, name = "", nodes = "", , page = ""] of rows) {
      const stack = name.replaceAll("`", "");
      assert.ok(page.includes(`(docs/guide/${stack}.md)`), stack);
      assert.ok(guide.includes(`(${stack}.md)`), stack);
      const { pools } = await readStackSettings(stack);
      if (pools.length === 0) continue;
      const told = nodes.match(/\d+/g)?.reduce((sum, count) => sum + Number(count), 0) ?? 0;
      const single = nodes.includes("a GPU machine") ? 1 : 0;
      assert.equal(told + single, pools.flatMap(nodeNames).length, stack);
    }
  });

  it("names only commands that `make` knows, and files that there are", () => {
    const makefile = readFileSync(join(project, "Makefile"), "utf8");
    for (const [, target = ""] of readme.matchAll(/\bmake ([a-z]+)\b/g))
      assert.match(makefile, new RegExp(`^${target}:`, "m"), target);
    for (const [, path = ""] of readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g))
      assert.ok(existsSync(join(project, path)), path);
  });

  it("shows a configuration that is accepted", () => {
    const [, example = ""] = /```yaml\n([^`]*)```/.exec(readme) ?? [];
    const { config } = parse(example) as { config: Record<string, unknown> };
    const raw = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.replace(/^uap:/, ""), value]),
    );
    const { platform } = parseConfiguration(raw, catalogue, { stack: "dev" }, stackChecks);
    assert.equal(platform.systems.mosquitto?.storage, "5Gi");
  });

  it("asks for the Go that the toolchain asks for", () => {
    assert.ok(readme.includes(`needs Go ${GO_MINIMUM})`));
  });
});
