import { distance } from "fastest-levenshtein";

/**
 * The candidate that was probably meant by a mistyped word, or nothing when none is near.
 *
 * Near is: about a third of the letters differ at most (never fewer than one, so that `nbg` finds `nbg1`), or one is the beginning
 * of the other.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, away: distance(wanted, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, away }) =>
        away <= Math.max(1, Math.round(wanted.length / 3)) || begins(wanted, candidate),
    )
    .sort((left, right) => left.away - right.away);
  return ranked[0]?.candidate;
}

/** Fewer than four letters begin too many words to be a hint. */
function begins(wanted: string, candidate: string): boolean {
  const [short, long] = wanted.length < candidate.length ? [wanted, candidate] : [candidate, wanted];
  return short.length >= 4 && long.toLowerCase().startsWith(short.toLowerCase());
}

/** `hetzner, aws or vultr`, for sentences. */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}
