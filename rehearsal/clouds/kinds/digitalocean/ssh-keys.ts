import { checkPublicKey } from "../../checks.ts";
import { keyFingerprint } from "../../identifiers.ts";
import { text } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { numeric } from "./identity.ts";
import { titles } from "./titles.ts";

export const sshKey: Kind = {
  title: titles.sshKey,
  id: numeric(50_000_000),
  // The account has a key once, whatever it is called.
  unique: (inputs) => keyFingerprint(text(inputs, "publicKey")),
  check: ({ inputs }) => {
    checkPublicKey(inputs);
  },
  outputs: ({ inputs }) => ({ fingerprint: keyFingerprint(text(inputs, "publicKey")) }),
};
