import { checkPublicKey } from "../../checks.ts";
import { conflict } from "../../cloud-error.ts";
import { keyFingerprint } from "../../identifiers.ts";
import { allOf, text } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { numeric } from "./identity.ts";
import { titles } from "./titles.ts";

export const sshKey: Kind = {
  title: titles.sshKey,
  id: numeric,
  unique: byName,
  check: ({ inputs, others }) => {
    checkPublicKey(inputs);
    const print = keyFingerprint(text(inputs, "publicKey"));
    if (allOf(others, "hcloud", "sshKey").some(({ outputs }) => outputs.fingerprint === print)) {
      throw conflict("The SSH key is in the project already, under another name.");
    }
  },
  outputs: ({ inputs }) => ({ fingerprint: keyFingerprint(text(inputs, "publicKey")) }),
};
