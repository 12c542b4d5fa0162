/** Secrets on the wire: an object with the protocol's signature around the value. */
import type { Properties } from "./provider.ts";

// Both constants are part of Pulumi's protocol (sdk/go/common/resource/sig).
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Marks a value in what a provider returns, so that the state holds it encrypted and no event shows it.
 *
 * The engine marks by itself whatever is found under the path of a secret input, so this is for a secret that the provider
 * made or moved: a generated password, the `data` of a Kubernetes Secret that was given as `stringData`. Such a value arrives
 * without its mark at the next update, so whatever returns a state marks it anew.
 */
export function secret(value: unknown): Properties {
  return { [signatureKey]: secretSignature, value };
}

/** The value with every secret in it unwrapped. Only a provider's own configuration arrives with secrets marked. */
export function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  const properties = value as Properties;
  if (properties[signatureKey] === secretSignature) return revealed(properties.value);
  return Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, revealed(inner)]));
}
