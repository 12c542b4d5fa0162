import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { messageOf, UserError } from "../errors.ts";
import type { Settings } from "./settings.ts";
import type { Tool } from "./tools.ts";

/**
 * Runs the command in its arguments until that ends or standard input is closed, whichever comes first; in the second
 * case it ends the whole process group. A closed input is what every death of the parent has in common, SIGKILL included.
 */
const SUPERVISOR = `
exec 3<&0
"$@" </dev/null 3<&- &
command=$!
{ cat <&3; kill -TERM 0; } >/dev/null 2>&1 &
wait "$command"
`;

/**
 * Builds a tool from its pinned module into a folder, which Go also uses for its temporary files.
 *
 * @returns the path of the executable.
 * @throws UserError with the end of Go's own output when the build fails; the signal's reason when aborted.
 */
export async function buildExecutable(
  tool: Tool,
  go: string,
  folder: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<string> {
  const temporary = join(folder, "temporary");
  await mkdir(temporary);
  const target = join(folder, tool.name);

  const child = spawn("/bin/sh", ["-c", SUPERVISOR, "sh", go, ...goArguments(tool, target)], {
    cwd: join(settings.modulesFolder, tool.build.module),
    env: goEnvironment(settings, temporary),
    stdio: ["pipe", "ignore", "pipe"],
    detached: true,
  });
  const stop = (): void => {
    child.stdin.destroy();
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();

  const ticking = reportSeconds(tool, settings);
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", resolve);
    child.once("error", (error) => {
      output += messageOf(error);
      resolve(null);
    });
  });
  clearInterval(ticking);
  signal.removeEventListener("abort", stop);
  // Ends the supervisor's watch, which outlives a build that ended by itself.
  stop();
  signal.throwIfAborted();
  if (code !== 0) throw buildError(tool, output, settings);
  return target;
}

/** The arguments of `go`. @param target path of the executable to write. */
export function goArguments(tool: Tool, target: string): string[] {
  const variables = Object.entries(tool.build.variables).map(([name, value]) => `-X ${name}=${value}`);
  return [
    "build",
    "-trimpath",
    // The state of this repository is no part of the tool, and asking git for it can fail.
    "-buildvcs=false",
    ...(tool.build.tags === undefined ? [] : ["-tags", tool.build.tags]),
    "-ldflags",
    ["-s", "-w", ...variables].join(" "),
    "-o",
    target,
    tool.build.package,
  ];
}

/** How Go reaches its modules is the machine's business; all that shapes the executable is ours. */
function goEnvironment(settings: Settings, temporary: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
    GOOS: settings.platform.system,
    GOARCH: settings.platform.architecture,
    GOTMPDIR: temporary,
  };
}

function reportSeconds(tool: Tool, settings: Settings): NodeJS.Timeout {
  const start = performance.now();
  const report = (): void => {
    const seconds = Math.floor((performance.now() - start) / 1000);
    const { name, version, build } = tool;
    settings.report({ tool: name, version, state: "building", seconds, expectedSeconds: build.seconds });
  };
  report();
  return setInterval(report, 1000);
}

/** Says why a build failed, with the usual reasons recognised. */
function buildError(tool: Tool, output: string, settings: Settings): UserError {
  const lines = output
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("go: downloading"));
  const what = `Building ${tool.name} ${tool.version} with Go failed`;
  const end = lines
    .slice(-8)
    .map((line) => `  ${line}`)
    .join("\n");
  if (/no space left on device/i.test(output)) {
    return new UserError(
      `${what} because a disk is full: free some space in the cache folder ${settings.cacheFolder} and in Go's own ` +
        `("go env GOCACHE"), or set UAP_CACHE and GOCACHE to folders elsewhere.\n${end}`,
    );
  }
  if (/dial tcp|no such host|i\/o timeout|connection refused|TLS handshake/i.test(output)) {
    return new UserError(
      `${what} because Go could not download the modules: connect this machine to the internet, or let Go know its ` +
        `module proxy ("go help goproxy"), and run the command again.\n${end}`,
    );
  }
  return new UserError(`${what}:\n${end}`);
}
