/** What a suffix of a Kubernetes quantity multiplies by. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^([+-]?\d*\.?\d+|[+-]?\d+\.)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|(?:[eE][+-]?\d+))?$/;

/** The number that a quantity such as `1500m` or `10Gi` stands for; undefined when it is none. */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const [, digits, suffix = ""] = pattern.exec(value) ?? [];
  if (digits === undefined) return undefined;
  const factor = factors[suffix];
  return factor === undefined ? Number(`${digits}${suffix}`) : Number(digits) * factor;
}

/** Tells whether two values are the same amount, however written: `1` and `1000m`, `1Gi` and `1024Mi`. */
export function sameQuantity(one: unknown, other: unknown): boolean {
  const [first, second] = [parseQuantity(one), parseQuantity(other)];
  if (first === undefined || second === undefined) return false;
  // 0.1 and 100m differ in the last bit of a double.
  return Math.abs(first - second) <= Math.max(Math.abs(first), Math.abs(second)) * 1e-12;
}
