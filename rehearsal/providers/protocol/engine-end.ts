/**
 * Waits until the engine asks this plugin to end, by an interrupt, or has ended itself.
 *
 * The engine holds the other end of a plugin's standard input for as long as it lives. The operating system closes that pipe
 * however the engine ends, so that a plugin never outlives its engine, not even one that was killed.
 */
export function engineEnd(): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
  for (const event of ["end", "close", "error"]) process.stdin.once(event, resolve);
  process.stdin.resume();
  return promise;
}
