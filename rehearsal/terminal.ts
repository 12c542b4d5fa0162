import { styleText } from "node:util";

/** How a line of text is shown; colours appear only where the output is a terminal and `NO_COLOR` is not set. */
export type Style = Parameters<typeof styleText>[0];

/** One piece of work on the screen. Exactly one of {@link done} and {@link failed} ends it. */
export interface Task {
  /** Replaces what is said about the work at hand. */
  update(detail: string): void;
  done(detail: string): void;
  failed(detail: string): void;
}

/**
 * Progress and results for a person. On a terminal the task at hand is one line that keeps changing; in a log every finished
 * task is a line, and a task that takes long says so now and then.
 */
export interface Terminal {
  readonly columns: number;
  task(name: string): Task;
  /** Prints lines between tasks. */
  print(text?: string): void;
  style(style: Style, text: string): string;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const frameMilliseconds = 100;
/** In a log, a task at work speaks at most this often. */
const logMilliseconds = 15_000;
const nameColumns = 14;

/** A terminal over a stream. @param stream where to write. @default standard error, so that results can be piped */
export function openTerminal(stream: NodeJS.WriteStream = process.stderr): Terminal {
  const style = (format: Style, text: string) => styleText(format, text, { stream });
  const animated = stream.isTTY && process.env.TERM !== "dumb";
  const columns = stream.columns || 100;

  function task(name: string): Task {
    const started = performance.now();
    const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    const label = name.padEnd(nameColumns);
    let detail = "";
    let frame = 0;
    let spoken = performance.now();

    const draw = () => {
      const line = `  ${frames[frame % frames.length] ?? ""} ${label}${detail}`.slice(0, columns - 12);
      stream.write(`\r\u001b[K${line}  ${style("dim", seconds())}`);
      frame += 1;
    };
    const timer = animated ? setInterval(draw, frameMilliseconds).unref() : undefined;
    const end = (mark: string, text: string) => {
      clearInterval(timer);
      if (animated) stream.write("\r\u001b[K");
      stream.write(`  ${mark} ${label}${text}  ${style("dim", seconds())}\n`);
    };
    return {
      update(text) {
        detail = text;
        if (animated || performance.now() - spoken < logMilliseconds) return;
        spoken = performance.now();
        stream.write(`  … ${label}${text}  ${seconds()}\n`);
      },
      done: (text) => {
        end(style("green", "✓"), text);
      },
      failed: (text) => {
        end(style("red", "✗"), text);
      },
    };
  }

  return {
    columns,
    task,
    style,
    print: (text = "") => {
      stream.write(`${animated ? "\r\u001b[K" : ""}${text}\n`);
    },
  };
}
