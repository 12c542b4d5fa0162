import type { ChartName } from "../../../platform/charts/lock.ts";
import { runProgram, type MockResource } from "../../support/mock-engine.ts";
import { everyConfiguration } from "../../support/programs.ts";
import { revealed } from "../../support/revealed.ts";
import { isCustom, type CustomObject } from "./custom-objects.ts";

/** What a program asks Helm to render. */
export interface UsedChart {
  /** Which program: a stack's name, or systems and their size. */
  readonly where: string;
  readonly chart: ChartName;
  readonly values: unknown;
}

/** What all programs together ask for. */
export interface Programs {
  readonly charts: readonly UsedChart[];
  readonly objects: readonly { readonly where: string; readonly object: CustomObject }[];
}

let all: Promise<Programs> | undefined;

/** Every stack of the project, and every system that is built in every size, by their program alone. */
export function allPrograms(): Promise<Programs> {
  all ??= runAll();
  return all;
}

async function runAll(): Promise<Programs> {
  const runs: { where: string; resources: readonly MockResource[] }[] = [];
  for (const { config, stack, where } of await everyConfiguration()) {
    runs.push({ where, resources: (await runProgram(stack, config)).resources });
  }
  return { charts: runs.flatMap(chartsOf), objects: runs.flatMap(objectsOf) };
}

function chartsOf({ resources, where }: { where: string; resources: readonly MockResource[] }): UsedChart[] {
  return resources
    .filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart")
    .map(({ inputs, name }) => ({ where, chart: name as ChartName, values: revealed(inputs.values ?? {}) }));
}

function objectsOf({
  resources,
  where,
}: {
  where: string;
  resources: readonly MockResource[];
}): Programs["objects"][number][] {
  return resources.flatMap(({ inputs, type }) => {
    if (!type.startsWith("kubernetes:")) return [];
    const object = revealed(inputs) as CustomObject;
    return typeof object.apiVersion === "string" && isCustom(object) ? [{ where, object }] : [];
  });
}
