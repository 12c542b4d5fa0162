import { changesOf, resourceOf, type Journal } from "../engine/journal.ts";
import type { Stopwatch } from "../session/stopwatch.ts";
import type { Terminal } from "../terminal.ts";

/** Where the time went, in one line: `Took 14.2 s: kubernetes 2.9, preview 4.1, up 6.8`. */
export function timingsLine(terminal: Pick<Terminal, "style">, stopwatch: Stopwatch): string {
  const parts = [...stopwatch.parts]
    .filter(([, seconds]) => seconds >= 0.1)
    .map(([part, seconds]) => `${part} ${seconds.toFixed(1)}`);
  return terminal.style("dim", `  Took ${stopwatch.total.toFixed(1)} s: ${parts.join(", ")}`);
}

/** How far a layer is. */
export interface LayerProgress {
  readonly layer: string;
  readonly done: number;
  readonly total: number;
  /** Seconds between its first and its last step so far. */
  readonly seconds: number;
}

/** Progress by layer: the steps of a running journal beside those of its plan. */
export function layerProgress(plan: Journal, running: Journal): LayerProgress[] {
  const planned = Map.groupBy(changesOf(plan), ({ urn }) => resourceOf(urn).layer);
  const steps = changesOf(running);
  return [...planned].map(([layer, members]) => {
    const mine = steps.filter(({ urn }) => resourceOf(urn).layer === layer);
    const ended = mine.flatMap(({ ended: end }) => (end === undefined ? [] : [end]));
    const first = Math.min(...mine.map(({ started }) => started));
    return {
      layer,
      done: ended.length,
      total: members.length,
      seconds: ended.length === 0 ? 0 : (Math.max(...ended) - first) / 1000,
    };
  });
}
