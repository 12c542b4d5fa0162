import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const project = resolve(import.meta.dirname, "..", "..");

/** Runs a program of node_modules; its output is the failure's message. */
async function check(program: string, ...flags: string[]): Promise<void> {
  try {
    await promisify(execFile)(resolve(project, "node_modules", ".bin", program), flags, {
      cwd: project,
      maxBuffer: 16 * 2 ** 20,
    });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} complains:\n${stdout}${stderr}`, { cause: error });
  }
}

describe("the source", () => {
  it("has no type errors", () => check("tsc", "--noEmit", "-p", "."));
  it("keeps the rules of ESLint", () =>
    check("eslint", "--cache", "--cache-location", "node_modules/.cache/eslint", "."));
  it("is formatted by Prettier", () => check("prettier", "--check", "--log-level", "warn", "."));
});
