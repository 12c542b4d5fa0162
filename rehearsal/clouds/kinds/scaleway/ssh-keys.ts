import { checkPublicKey } from "../../checks.ts";
import { keyFingerprint, uuid } from "../../identifiers.ts";
import { text } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { titles } from "./titles.ts";

/** Keys belong to the project; a server takes all of them when it boots. */
export const sshKey: Kind = {
  title: titles.sshKey,
  id: ({ digits }) => uuid(digits),
  check: ({ inputs }) => {
    checkPublicKey(inputs);
  },
  outputs: ({ inputs }) => ({
    fingerprint: keyFingerprint(text(inputs, "publicKey")),
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
  }),
};
