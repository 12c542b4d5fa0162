import { UserError } from "../errors.ts";
import { answers, originsOf } from "./download.ts";
import { findGo, type Go } from "./go.ts";
import { platformName } from "./platform.ts";
import type { Settings } from "./settings.ts";
import { type Download, GO_MINIMUM, type Tool } from "./tools.ts";

/** What this machine can do to obtain tools, found out once a run. */
export interface Means {
  readonly go: Go;
  /** The tool's official download, if there is one for this platform and its sites answer. */
  downloadOf(tool: Tool): Download | undefined;
  /** Remembers that a download's sites stopped answering. */
  giveUp(download: Download): void;
}

/**
 * Asks, all at the same time, which of the needed sites answer and whether there is a usable Go.
 *
 * @throws UserError when a tool can be obtained in neither way.
 */
export async function findMeans(tools: readonly Tool[], settings: Settings): Promise<Means> {
  const published = new Map(tools.map((tool) => [tool, tool.download(settings.platform, settings.sites)]));
  const silent = new Set<string>();
  const origins = new Set(
    [...published.values()].flatMap((download) => (download ? originsOf(download) : [])),
  );
  const [go] = await Promise.all([
    findGo(settings, tools[0]?.build.module ?? ""),
    ...[...origins].map(async (origin) => {
      if (!(await answers(origin, settings))) silent.add(origin);
    }),
  ]);
  const means: Means = {
    go,
    downloadOf: (tool) => {
      const download = published.get(tool);
      return download && originsOf(download).some((origin) => silent.has(origin)) ? undefined : download;
    },
    giveUp: (download) => {
      for (const origin of originsOf(download)) silent.add(origin);
    },
  };

  const hopeless = "path" in go ? [] : tools.filter((tool) => means.downloadOf(tool) === undefined);
  if (hopeless.length > 0)
    throw unobtainableTools(hopeless, published, silent, means, platformName(settings.platform));
  return means;
}

/** All tools that cannot be had, why, and what to do about it, in one sentence. */
function unobtainableTools(
  tools: readonly Tool[],
  published: ReadonlyMap<Tool, Download | undefined>,
  silent: ReadonlySet<string>,
  means: Means,
  platform: string,
): UserError {
  const unreachable = new Set<string>();
  const unpublished: string[] = [];
  for (const tool of tools) {
    const download = published.get(tool);
    if (download === undefined) unpublished.push(tool.name);
    else
      for (const origin of originsOf(download)) if (silent.has(origin)) unreachable.add(new URL(origin).host);
  }
  const reasons = [
    ...(unreachable.size > 0 ? [`${list(unreachable)} cannot be reached`] : []),
    ...(unpublished.length > 0 ? [`there is no release of ${list(unpublished)} for ${platform}`] : []),
  ];
  // The internet is no way out for what is not published.
  const ways = [...(unpublished.length === 0 ? ["connect this machine to the internet"] : []), installGo];
  return new UserError(
    `${list(tools.map((tool) => `${tool.name} ${tool.version}`))} can neither be downloaded (${list(reasons)}) ` +
      `nor built (${whyNoGo(means)}): ${ways.join(" or ")}, then run the command again.`,
  );
}

/** The error for downloads that failed on a machine without Go. @param failures each with its tool and reason. */
export function missingTools(failures: readonly string[], means: Means): UserError {
  return new UserError(
    `These tools could not be downloaded, and not be built either because ${whyNoGo(means)}. ` +
      `Run the command again later, or ${installGo}.\n` +
      failures.map((failure) => `  ${failure}`).join("\n"),
  );
}

const installGo = `install Go ${GO_MINIMUM} or newer (https://go.dev/dl)`;

function whyNoGo(means: Means): string {
  return "unusable" in means.go ? means.go.unusable : "";
}

function list(words: Iterable<string>): string {
  return new Intl.ListFormat("en").format(words);
}
