import type { ToolName } from "./tools.ts";

/** What a progress display is told while tools are obtained. */
export type ToolEvent = ToolState & {
  readonly tool: ToolName;
  /** The version that is being obtained. */
  readonly version: string;
};

type ToolState =
  /** In the cache already: nothing was done. */
  | { readonly state: "cached"; readonly path: string }
  /** A fitting one was found on PATH, of the version `found`. */
  | { readonly state: "on-path"; readonly path: string; readonly found: string }
  /** One was found on PATH that cannot be used; `found` is absent when it did not tell its version. */
  | { readonly state: "not-fitting"; readonly path: string; readonly found: string | undefined }
  /** Another run is obtaining the same tool. Repeated every second. */
  | { readonly state: "waiting"; readonly seconds: number }
  /** Repeated some times a second; `total` is absent when the site does not tell it. */
  | { readonly state: "downloading"; readonly bytes: number; readonly total: number | undefined }
  /** The download came to nothing and the tool is built instead. */
  | { readonly state: "not-downloaded"; readonly reason: string }
  /** Repeated every second. */
  | { readonly state: "building"; readonly seconds: number; readonly expectedSeconds: number }
  /** Obtained, verified and cached. */
  | { readonly state: "ready"; readonly path: string; readonly seconds: number };

/** An event in one line of plain text, for terminals and logs. */
export function progressLine(event: ToolEvent): string {
  return `${event.tool} ${event.version}: ${stateText(event)}`;
}

function stateText(event: ToolState): string {
  switch (event.state) {
    case "cached":
      return "cached";
    case "on-path":
      return `using ${event.found} from ${event.path}`;
    case "not-fitting":
      return event.found === undefined
        ? `${event.path} does not tell its version and is not used`
        : `${event.path} is version ${event.found} and does not fit`;
    case "waiting":
      return `another run is obtaining it, waiting for ${event.seconds} s`;
    case "downloading":
      return event.total === undefined
        ? `downloading, ${megabytes(event.bytes)} MB`
        : `downloading, ${megabytes(event.bytes)} of ${megabytes(event.total)} MB`;
    case "not-downloaded":
      return `not downloaded (${event.reason}), building it`;
    case "building":
      return `building, ${event.seconds} s of about ${event.expectedSeconds} s (only this once)`;
    case "ready":
      return `ready after ${event.seconds} s`;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
