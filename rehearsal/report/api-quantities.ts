/** Suffixes of the API's quantities and what they multiply by. */
const factors: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Bytes of a memory or storage quantity as the API server writes it; 0 when it is missing. */
export function quantityToBytes(quantity: string | undefined): number {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity ?? "");
  return match ? Number(match[1]) * (factors[match[2] ?? ""] ?? 0) : 0;
}

/** Thousandths of a core of a CPU quantity; 0 when it is missing. */
export function cpuToMillis(quantity: string | undefined): number {
  if (quantity === undefined) return 0;
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}
