import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const program = resolve(import.meta.dirname, "..", "..", "rehearsal", "main.ts");

/** How a command ended and what it printed. */
export interface CommandResult {
  readonly code: number | null;
  /** What a person reads. */
  readonly text: string;
  /** What a program reads. */
  readonly output: string;
}

/** A command under way. */
export interface RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<CommandResult>;
  /** Resolves as soon as the text so far matches. */
  says(pattern: RegExp): Promise<void>;
}

/** The command line, as a person would use it, with a rehearsal folder of its own. */
export class CommandLine {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<CommandLine> {
    return new CommandLine(await mkdtemp(join(tmpdir(), "uap-rehearsal-")));
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** Runs a command to its end. @param environment variables beside those of the tests */
  async run(
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    return this.start(words, environment).ended;
  }

  start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): RunningCommand {
    const child = spawn(process.execPath, [program, ...words], {
      env: { ...process.env, NO_COLOR: "1", UAP_REHEARSAL: this.folder, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const ended = new Promise<CommandResult>((done) => {
      child.once("close", (code) => {
        done({ code, text, output });
      });
    });
    const says = (pattern: RegExp) =>
      new Promise<void>((done, fail) => {
        const look = () => {
          if (pattern.test(text)) done();
        };
        child.stderr.on("data", look);
        child.once("close", () => {
          fail(new Error(`The command ended without saying ${String(pattern)}:\n${text}`));
        });
        look();
      });
    return { process: child, ended, says };
  }
}
