import { readFile } from "node:fs/promises";

/** How many lines of a log a person is shown. */
const shownLines = 6;

/**
 * What the end of a log says about why a process stopped: the last errors, or else the last lines, freed of time stamps and
 * source positions. Understands the logs of Kubernetes (klog), etcd (JSON) and kwok.
 */
export function lastWords(log: string): readonly string[] {
  const lines = log.split("\n").filter((line) => line.trim() !== "" && !isStackTrace(line));
  const errors = lines.filter(isError);
  const words = (errors.length > 0 ? errors : lines).map(withoutDecoration);
  return [...new Set(words)].slice(-shownLines);
}

/** {@link lastWords} of a file, each line indented; says so when there are none. */
export async function lastWordsOf(file: string): Promise<string> {
  const words = lastWords(await readFile(file, "utf8").catch(() => ""));
  return (words.length === 0 ? ["(it printed nothing)"] : words).map((line) => `    ${line}`).join("\n");
}

function isError(line: string): boolean {
  return /^[EF]\d{4} |"level":"(error|fatal|panic|ERROR)"|^(panic|fatal error|error|Error):|"command failed"/.test(
    line,
  );
}

function isStackTrace(line: string): boolean {
  return /^\s|^goroutine \d+|^[\w./*()-]+\(.*\)$|^created by /.test(line);
}

function withoutDecoration(line: string): string {
  if (line.startsWith("{")) return withoutJson(line);
  return line.replace(/^[IWEF]\d{4} [\d:.]+ +\d+ [\w.-]+:\d+\] /, "").trim();
}

function withoutJson(line: string): string {
  try {
    const { msg, error, err } = JSON.parse(line) as Readonly<Record<string, string | undefined>>;
    return [msg, error ?? err].filter((part) => part !== undefined).join(": ");
  } catch {
    return line;
  }
}
