/** The engine's mark of a secret. */
const signature = "4dabf18193072939515e22adb298388d";

/** A value as the engine passes it on, with its secrets in clear. */
export function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "value" in value) return revealed(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}
