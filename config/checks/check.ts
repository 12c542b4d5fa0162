import type { Finding, Path } from "../problems.ts";
import type { Sections } from "../sections/index.ts";

/** A rule that concerns more than one value: of the sections as they were read, or of the whole configuration. */
export interface Check<Subject = Sections> {
  /**
   * The values that it judges by, such as `pools.role`; all that it reads must be named here. It is passed over when one of
   * them is wrong already: a mistake is told once, not again in its consequences.
   */
  readonly reads: readonly string[];
  find(subject: Subject): Finding[];
}

/** What the checks find that can judge, given the places whose values are not what the user meant. */
export function runChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  unsound: readonly Path[],
): Finding[] {
  const wrong = unsound.map((path) => path.filter((step) => typeof step === "string"));
  return checks
    .filter(({ reads }) => !reads.some((read) => wrong.some((path) => touches(read.split("."), path))))
    .flatMap((check) => check.find(subject));
}

/** Whether one place is the other or lies within it. */
function touches(left: readonly string[], right: readonly string[]): boolean {
  const length = Math.min(left.length, right.length);
  return left.slice(0, length).every((step, index) => step === right[index]);
}
