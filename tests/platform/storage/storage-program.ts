import { runProgram, type MockResource, type MockRun } from "../../support/mock-engine.ts";

/** Settings of an existing cluster with these systems, beside those that none can do without. */
export function settingsWith(systems: Readonly<Record<string, unknown>>, nodes = 3): Record<string, unknown> {
  return {
    "uap:cluster": {
      kind: "existing",
      nodes: { count: nodes, cpu: "16", memory: "64Gi", disk: "1000Gi" },
    },
    "uap:platform": {
      preset: "minimal",
      systems: { portal: false, "cert-manager": false, ...systems },
    },
  };
}

/** Runs the program with these systems. */
export function runWith(systems: Readonly<Record<string, unknown>>, nodes?: number): Promise<MockRun> {
  return runProgram("local", settingsWith(systems, nodes));
}

/** The inputs of a resource by the end of its type and its name. @throws Error when there is none */
export function inputsOf(
  { resources }: { readonly resources: readonly MockResource[] },
  type: string,
  name: string,
): Record<string, unknown> {
  const found = resources.find((resource) => resource.type.endsWith(type) && resource.name === name);
  if (!found) throw new Error(`The program registers no ${type} ${name}.`);
  return found.inputs;
}
