import { parseKubernetesQuantity } from "../../../config/kubernetes-quantity.ts";

/** Tells whether two values are the same amount, however written: `1` and `1000m`, `1Gi` and `1024Mi`. */
export function sameQuantity(one: unknown, other: unknown): boolean {
  const [first, second] = [parseKubernetesQuantity(one), parseKubernetesQuantity(other)];
  if (first === undefined || second === undefined) return false;
  // 0.1 and 100m differ in the last bit of a double.
  return Math.abs(first - second) <= Math.max(Math.abs(first), Math.abs(second)) * 1e-12;
}
