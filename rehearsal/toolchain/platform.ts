import { UserError } from "../errors.ts";

/** An operating system and a processor architecture, in Go's and the vendors' words. */
export interface Platform {
  readonly system: "linux" | "darwin";
  readonly architecture: "amd64" | "arm64";
}

const SYSTEMS: Readonly<Record<string, Platform["system"]>> = { linux: "linux", darwin: "darwin" };
const ARCHITECTURES: Readonly<Record<string, Platform["architecture"]>> = { x64: "amd64", arm64: "arm64" };

/**
 * The platform of this machine.
 *
 * @throws UserError on a platform that none of the tools is released for.
 */
export function hostPlatform(
  system: string = process.platform,
  architecture: string = process.arch,
): Platform {
  const platform = { system: SYSTEMS[system], architecture: ARCHITECTURES[architecture] };
  if (platform.system === undefined || platform.architecture === undefined) {
    throw new UserError(
      `The rehearsal runs on Linux and macOS, on amd64 and arm64, and this machine is ${system} on ${architecture}: ` +
        "use a Linux virtual machine (on Windows: WSL 2).",
    );
  }
  return { system: platform.system, architecture: platform.architecture };
}

/** One word for a platform, as in file names: `linux-amd64`. */
export function platformName(platform: Platform): string {
  return `${platform.system}-${platform.architecture}`;
}
