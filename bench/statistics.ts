/** A time in seconds. */
export type Seconds = number;

/** The middle value; of an even number the lower one of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error("There is no median of nothing.");
  return middle;
}

/** Does a piece of work and tells how long it took. */
export async function seconds(work: () => Promise<unknown>): Promise<Seconds> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
