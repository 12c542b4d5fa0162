import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { isMap, parseDocument } from "yaml";
import { projectFolder, type Folders } from "../folders.ts";
import { removeStaleLocks } from "./locks.ts";
import { forgetEncryption, replaceSecrets } from "./placeholders.ts";
import { unknownStack } from "./stacks.ts";

export interface EngineOptions {
  readonly stack: string;
  readonly folders: Folders;
  /** The engine's executable. */
  readonly pulumi: string;
  readonly passphrase: string;
  /** Folders that the engine searches for helpers before anything else. */
  readonly searchPath: readonly string[];
  readonly program: PulumiFn;
  /** Whether placeholders do for encrypted values of the configuration; else the passphrase must open them. */
  readonly takesPlaceholders: boolean;
  /** Charts are simulated from what is recorded of them: no provider is at hand that could render them. */
  readonly simulateCharts: boolean;
}

/** Name of the engine's project, as in Pulumi.yaml. */
const projectName = "uap";

/**
 * Opens the stack on the real engine, with a state of its own in the rehearsal's folder. The project's own files are not
 * written to: the engine works on copies.
 */
export async function openStack(options: EngineOptions): Promise<Stack> {
  const { folders, stack } = options;
  await Promise.all([
    mkdir(folders.state, { recursive: true }),
    mkdir(folders.workspace, { recursive: true }),
  ]);
  await Promise.all([copySettings(options), removeStaleLocks(folders.state)]);
  const binaries = dirname(options.pulumi);
  // Commands of the program run under this Node too, whatever else is on PATH.
  process.env.PATH = [
    dirname(process.execPath),
    binaries,
    ...options.searchPath,
    process.env.PATH ?? "",
  ].join(":");
  const workspace = {
    workDir: folders.workspace,
    pulumiHome: folders.pulumiHome,
    pulumiCommand: await PulumiCommand.get({ skipVersionCheck: true }),
    envVars: environment(options),
  };
  return LocalWorkspace.createOrSelectStack(
    { stackName: stack, projectName, program: options.program },
    workspace,
  );
}

/** What the engine is told by its environment: nothing from outside but what the user's own settings say. */
function environment(options: EngineOptions): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${options.folders.state}`,
    PULUMI_CONFIG_PASSPHRASE: options.passphrase,
    PULUMI_CONFIG_PASSPHRASE_FILE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_PARALLEL_DIFF: "true",
    UAP_PROJECT: projectFolder,
  };
}

/**
 * Copies Pulumi.yaml and the stack's configuration. The engine adds the salt of its encryption to the copy, which is kept
 * from copy to copy unless the original has one.
 *
 * @throws UserError when there is no such stack.
 */
async function copySettings(options: EngineOptions): Promise<void> {
  const { stack, folders, simulateCharts, takesPlaceholders } = options;
  const { workspace } = folders;
  const name = `Pulumi.${stack}.yaml`;
  const original = await readFile(join(projectFolder, name), "utf8").catch(async () => {
    throw await unknownStack(stack);
  });
  const copy = join(workspace, name);
  const settings = parseDocument(original);
  if (takesPlaceholders) {
    replaceSecrets(settings);
    forgetEncryption(settings);
  }
  if (!settings.has(saltKey)) {
    const salt = saltOf(await readFile(copy, "utf8").catch(() => ""));
    if (salt !== undefined) settings.set(saltKey, salt);
  }
  if (simulateCharts) settings.setIn(["config", "uap:charts"], settings.createNode({ source: "facts" }));
  const project = parseDocument(await readFile(join(projectFolder, projectFile), "utf8"));
  // The program is handed over in this process; there is no file to start.
  project.delete("main");
  await Promise.all([
    writeFile(copy, settings.toString()),
    writeFile(join(workspace, projectFile), project.toString()),
  ]);
}

const projectFile = "Pulumi.yaml";

/** Where the engine keeps the salt of a stack's passphrase. */
const saltKey = "encryptionsalt";

function saltOf(text: string): unknown {
  const document = parseDocument(text);
  return isMap(document.contents) ? document.get(saltKey) : undefined;
}
