/** Runs a stack's program once without an engine, for {@link measureProgram}. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { runProgram } from "../tests/support/mock-engine.ts";

const [, , stack = "local", settings = "{}"] = process.argv;
const text = await readFile(join(import.meta.dirname, "..", `Pulumi.${stack}.yaml`), "utf8");
const { config } = parse(text) as { config: Record<string, unknown> };
const others = JSON.parse(settings) as Record<string, unknown>;
const keyed = Object.fromEntries(
  Object.entries(others).map(([key, value]) => [`uap:${key}`, value] as const),
);
await runProgram(stack, { ...config, ...keyed });
