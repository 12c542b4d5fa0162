/** How long to wait before the second look at something, in milliseconds: what is quick is seen at once. */
export const firstPause = 200;

const growth = 1.25;
const longest = 5_000;

/** The pause after another one: what takes minutes is asked for every five seconds, and nobody waits a quarter longer than was needed. */
export function nextPause(milliseconds: number): number {
  return Math.min(milliseconds * growth, longest);
}
