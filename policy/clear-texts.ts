import { isKind } from "./resource.ts";
import type { Resource } from "./resource.ts";
import { isObject, listOf, notYetKnown, objectOf, valueAt } from "./values.ts";
import { containersOf } from "./workloads.ts";
import type { Container } from "./workloads.ts";

/** A text of an object that everyone who may read the object can read. */
export interface ClearText {
  /** Where it stands: a variable of a container, a command line, or an entry of a ConfigMap. */
  readonly list: "env" | "command" | "data";
  /** How messages call it, for example `variable "MODE" of container "web"`. */
  readonly title: string;
  /** Path inside the resource. */
  readonly path: string;
  /** The name that it is the value of, if it has one. */
  readonly name?: string;
  /** The text itself. */
  readonly text: string | typeof notYetKnown;
}

/** The clear texts of a workload or a ConfigMap. None for other resources. */
export function clearTexts(resource: Resource): ClearText[] {
  if (isKind(resource, "core", "ConfigMap")) return configMapEntries(resource);
  return containersOf(resource).flatMap((container) => [...variables(container), ...commands(container)]);
}

function configMapEntries(resource: Resource): ClearText[] {
  return Object.entries(objectOf(valueAt(resource.properties, "data"))).flatMap(([key, text]) =>
    isText(text) ? [{ list: "data", title: `entry "${key}"`, path: `data["${key}"]`, name: key, text }] : [],
  );
}

function variables(container: Container): ClearText[] {
  return listOf(container.properties.env).flatMap((variable, index): ClearText[] => {
    if (!isObject(variable)) return [];
    const { name, value: text } = variable;
    if (typeof name !== "string" || !isText(text)) return [];
    const label = `variable "${name}" of container "${container.name}"`;
    return [{ list: "env", title: label, path: `${container.path}.env[${index}].value`, name, text }];
  });
}

/** Where a container may state a command line. */
const commandPaths: readonly (readonly string[])[] = [
  ["command"],
  ["args"],
  ["livenessProbe", "exec", "command"],
  ["readinessProbe", "exec", "command"],
  ["startupProbe", "exec", "command"],
  ["lifecycle", "postStart", "exec", "command"],
  ["lifecycle", "preStop", "exec", "command"],
];

/** The command lines of a container, one line a word, so that `--flag value` is seen across two words. */
function commands(container: Container): ClearText[] {
  return commandPaths.flatMap((path): ClearText[] => {
    const words = listOf(valueAt(container.properties, ...path)).filter((word) => typeof word === "string");
    if (words.length === 0) return [];
    return [
      {
        list: "command",
        title: `the command line of container "${container.name}"`,
        path: `${container.path}.${path.join(".")}`,
        text: words.join("\n"),
      },
    ];
  });
}

function isText(value: unknown): value is string | typeof notYetKnown {
  return typeof value === "string" || value === notYetKnown;
}
