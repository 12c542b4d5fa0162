import { checkPublicKey } from "../../checks.ts";
import { text } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { asUuid, time } from "./identity.ts";
import { titles } from "./titles.ts";

export const sshKey: Kind = {
  title: titles.sSHKey,
  id: asUuid,
  check: ({ inputs }) => {
    checkPublicKey({ publicKey: text(inputs, "sshKey") });
  },
  outputs: () => ({ dateCreated: time }),
};
