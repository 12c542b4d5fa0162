/** Factors of the decimal and binary suffixes of Kubernetes' `resource.Quantity`. */
const factors: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** Every form of a quantity that the API server accepts, as a JSON schema pattern: `500m`, `1.5`, `2Gi`, `128M`, `1e3`. */
export const quantityPattern = "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)?$";

const grammar = new RegExp(quantityPattern);

/**
 * The value of a quantity in its base unit: cores of CPU, bytes of memory.
 *
 * The configuration accepts only a few forms (`quantities.ts`). This reads all of them, since charts use all of them.
 *
 * @returns undefined when the API server would refuse it.
 */
export function parseKubernetesQuantity(quantity: unknown): number | undefined {
  if (typeof quantity === "number") return quantity;
  if (typeof quantity !== "string") return undefined;
  const [, , suffix = ""] = grammar.exec(quantity) ?? [];
  if (!grammar.test(quantity)) return undefined;
  if (/^[eE]./.test(suffix) && suffix !== "Ei") return Number(quantity);
  return Number(quantity.slice(0, quantity.length - suffix.length)) * (factors[suffix] ?? Number.NaN);
}
