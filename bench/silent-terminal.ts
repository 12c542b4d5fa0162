import type { Terminal } from "../rehearsal/terminal.ts";

const nothing = () => undefined;

/** A terminal that shows nothing: what is measured should not draw. */
export const silentTerminal: Terminal = {
  columns: 100,
  print: nothing,
  style: (_, text) => text,
  task: () => ({ update: nothing, done: nothing, failed: nothing }),
};
