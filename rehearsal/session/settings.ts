import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { ConfigurationError, fromEngine, parseConfiguration } from "../../config/index.ts";
import type { RawConfiguration } from "../../config/reading.ts";
import { catalogue } from "../../platform/catalogue.ts";
import type { PlatformConfiguration } from "../../platform/layer.ts";
import { stackChecks } from "../../platform/stack-checks.ts";
import { replaceSecrets } from "../engine/placeholders.ts";
import { unknownStack } from "../engine/stacks.ts";
import { messageOf, UserError } from "../errors.ts";
import { projectFolder } from "../folders.ts";

const fileSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).default({}) }).nullable();

/** Keys of the project's own namespace begin so. */
const namespacePrefix = "uap:";

/**
 * Reads and checks a stack's configuration before anything is started, so that a mistake shows at once.
 *
 * @throws UserError when there is no such stack, or with every mistake in its configuration.
 */
export async function readStackSettings(stack: string): Promise<PlatformConfiguration> {
  const name = `Pulumi.${stack}.yaml`;
  const text = await readFile(join(projectFolder, name), "utf8").catch(async () => {
    throw await unknownStack(stack);
  });
  try {
    return parseConfiguration(ownKeys(text), catalogue, { stack }, stackChecks);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new UserError(error.message);
    throw new UserError(`${name} cannot be read: ${messageOf(error)}`);
  }
}

/** The keys of the project's namespace, without its prefix, and with placeholders for what is encrypted. */
function ownKeys(text: string): RawConfiguration {
  const document = parseDocument(text);
  replaceSecrets(document);
  const entries = Object.entries(fileSchema.parse(document.toJS())?.config ?? {});
  const own = entries.flatMap(([key, value]) =>
    key.startsWith(namespacePrefix) ? [[key.slice(namespacePrefix.length), value] as const] : [],
  );
  // What `pulumi config set` writes is text, whatever it means.
  const texts = own.flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []));
  return { ...Object.fromEntries(own), ...fromEngine(Object.fromEntries(texts)) };
}
