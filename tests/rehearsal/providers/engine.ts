/** The real engine with our stand-ins alone, in a folder that goes away with it. */
import { readFileSync } from "node:fs";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  LocalWorkspace,
  PulumiCommand,
  type PreviewOptions,
  type EngineEvent,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { installProviders } from "../../../rehearsal/providers/install.ts";
import { obtainTools } from "../../../rehearsal/toolchain/index.ts";

/** What an operation did to the user's resources, by operation: nothing is left out but "same" and the stack itself. */
export type Changes = Readonly<Record<string, readonly string[]>>;

/** One operation's result: what it changed, and all that the engine said meanwhile. */
export interface Ran {
  readonly changes: Changes;
  readonly said: string;
}

/** An engine's stack whose program can change from run to run. */
export class TestEngine {
  readonly folder: string;
  readonly stack: Stack;
  readonly #stateFile: string;
  readonly #emptyState: string;

  private constructor(folder: string, stack: Stack) {
    this.folder = folder;
    this.stack = stack;
    this.#stateFile = join(folder, "state/.pulumi/stacks/providers/test.json");
    this.#emptyState = readFileSync(this.#stateFile, "utf8");
  }

  static async open(environment: Readonly<Record<string, string>> = {}): Promise<TestEngine> {
    const folder = await mkdtemp(join(tmpdir(), "uap-engine-"));
    const pulumiHome = join(folder, "home");
    const [{ pulumi }] = await Promise.all([
      obtainTools(["pulumi"]),
      installProviders({ pulumiHome, officialHomes: [] }),
      mkdir(join(folder, "state")),
      mkdir(join(folder, "work")),
    ]);
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "test", projectName: "providers", program: async () => Promise.resolve() },
      {
        workDir: join(folder, "work"),
        pulumiHome,
        pulumiCommand: await PulumiCommand.get({ root: dirname(dirname(pulumi)), skipVersionCheck: true }),
        envVars: {
          PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          ...environment,
        },
      },
    );
    return new TestEngine(folder, stack);
  }

  /** Removes everything; the resources are gone with their state. */
  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async up(program: PulumiFn): Promise<Ran & { readonly outputs: Readonly<Record<string, unknown>> }> {
    const log = new Log();
    this.stack.workspace.program = program;
    const { outputs } = await log.of((options) => this.stack.up(options));
    const values = Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]);
    return { ...log.ran(), outputs: Object.fromEntries(values) as Record<string, unknown> };
  }

  async preview(program: PulumiFn, extra: Pick<PreviewOptions, "policyPacks"> = {}): Promise<Ran> {
    const log = new Log();
    this.stack.workspace.program = program;
    await log.of((options) => this.stack.preview({ ...options, ...extra }));
    return log.ran();
  }

  async refresh(): Promise<Ran> {
    const log = new Log();
    await log.of((options) => this.stack.refresh(options));
    return log.ran();
  }

  async destroy(): Promise<Ran> {
    const log = new Log();
    await log.of((options) => this.stack.destroy(options));
    return log.ran();
  }

  /** The state as anybody sees it who has the file but no passphrase. */
  async state(): Promise<string> {
    return readFile(this.#stateFile, "utf8");
  }

  /** Makes the stack as empty as it was; quicker than destroying what is in it. */
  async forget(): Promise<void> {
    await writeFile(this.#stateFile, this.#emptyState);
  }
}

interface LogOptions {
  readonly onEvent: (event: EngineEvent) => void;
  readonly onOutput: (text: string) => void;
  readonly color: "never";
}

/** Everything that the engine says during an operation. */
class Log {
  readonly #events: EngineEvent[] = [];
  #text = "";

  async of<Result>(operate: (options: LogOptions) => Promise<Result>): Promise<Result> {
    return operate({
      color: "never",
      onEvent: (event) => this.#events.push(event),
      onOutput: (text) => (this.#text += text),
    });
  }

  ran(): Ran {
    const changes: Record<string, string[]> = {};
    for (const { resourcePreEvent } of this.#events) {
      const { op, urn, type } = resourcePreEvent?.metadata ?? {};
      if (op === undefined || urn === undefined || op === "same" || type?.startsWith("pulumi:")) continue;
      (changes[op] ??= []).push(urn.split("::").at(-1) ?? urn);
    }
    for (const names of Object.values(changes)) names.sort();
    // Debug messages are the program's own log, which the SDK fills with the answers to its calls, in clear.
    const events = this.#events.filter(
      ({ diagnosticEvent }) => String(diagnosticEvent?.severity) !== "debug",
    );
    return { changes, said: JSON.stringify(events) + this.#text };
  }
}
