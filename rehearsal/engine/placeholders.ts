import { isMap, isScalar, visit, type Document } from "yaml";

/** Stands for every encrypted value: nobody needs the real one to rehearse. */
const placeholder = "rehearsed-without-the-secret";

/**
 * Puts a placeholder where a stack's file has an encrypted value (`{ secure: … }`), which only the stack's own passphrase or key
 * service opens.
 *
 * @returns whether there was any
 */
export function replaceSecrets(document: Document): boolean {
  let isReplaced = false;
  visit(document, {
    Map: (_, map) => {
      const [only, ...others] = map.items;
      if (only === undefined || others.length > 0 || !isScalar(only.key) || only.key.value !== "secure")
        return;
      isReplaced = true;
      return document.createNode(placeholder);
    },
  });
  return isReplaced;
}

/** Takes away how a stack's file is encrypted, which the rehearsal's own state does otherwise. */
export function forgetEncryption(document: Document): void {
  if (!isMap(document.contents)) return;
  for (const key of ["encryptionsalt", "secretsprovider", "encryptedkey"]) document.delete(key);
}
