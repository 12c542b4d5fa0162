import { z } from "zod";

/** What is wrong with one value, in words that continue "<path> <value> …". */
export interface Complaint {
  /** Why the value cannot be used; a sentence without its subject, such as `is not a CIDR.` */
  readonly reason: string;
  /** What to do about it, a whole sentence. @default `Did you mean <suggestion>?` when there is a suggestion */
  readonly fix?: string;
  /** The value that was probably meant. The check goes on with it, so that one typing error never hides the next mistake. */
  readonly suggestion?: unknown;
}

/** Finds what is wrong with a value; nothing when it is fine. */
export type FindComplaint<Value> = (value: Value) => Complaint | undefined;

/** A zod check that keeps the reason, the fix and the suggestion apart until the message is written. */
export function complains<Value>(find: FindComplaint<Value>): z.core.CheckFn<Value> {
  return (payload) => {
    const complaint = find(payload.value);
    if (complaint === undefined) return;
    const { reason, ...params } = complaint;
    payload.issues.push({ code: "custom", input: payload.value, message: reason, params });
  };
}

/** Text of a certain form, such as a CIDR; `find` must accept nothing that is not a `Text`. */
export function text<Text extends string>(find: FindComplaint<string>) {
  return z
    .string()
    .check(complains(find))
    .transform((value) => value as Text);
}
