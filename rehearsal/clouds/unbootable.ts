import { parse } from "yaml";
import type { z } from "zod";
import { messageOf } from "../errors.ts";

/** The reason why a machine does not become a node. */
export class Unbootable extends Error {
  override readonly name = "Unbootable";
}

/** @throws Unbootable when the text is not YAML. */
export function parseYaml(text: string, what: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    // The parser quotes the lines below its message, and there are secrets in them.
    const [message = ""] = messageOf(error).split("\n");
    throw new Unbootable(`${what} is not YAML: ${message.replace(/:$/, "")}.`);
  }
}

/** What a schema complains about, in one line. */
export function issuesText({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join(".")} ${message}`.trim()).join("; ");
}
