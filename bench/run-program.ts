/** Runs a stack's program once without an engine, for {@link measureProgram}. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { runProgram } from "../tests/support/mock-engine.ts";

const [, , stack = "local"] = process.argv;
const text = await readFile(join(import.meta.dirname, "..", `Pulumi.${stack}.yaml`), "utf8");
await runProgram(stack, (parse(text) as { config: Record<string, unknown> }).config);
