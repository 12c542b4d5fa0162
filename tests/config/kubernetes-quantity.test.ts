import assert from "node:assert/strict";
import { parseKubernetesQuantity } from "../../config/kubernetes-quantity.ts";

const quantities: readonly (readonly [unknown, number | undefined])[] = [
  ["500m", 0.5],
  ["2", 2],
  [2, 2],
  ["0.1", 0.1],
  [".5", 0.5],
  ["1Ki", 1024],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["2Ei", 2 * 2 ** 60],
  ["128M", 128e6],
  ["1k", 1000],
  ["1E", 1e18],
  ["1e3", 1000],
  ["1E3", 1000],
  ["12e-1", 1.2],
  ["100u", 1e-4],
  ["-1", -1],
  ["", undefined],
  ["lots", undefined],
  ["1 Gi", undefined],
  ["1GB", undefined],
  ["1K", undefined],
  [true, undefined],
];

describe("Kubernetes quantities", () => {
  for (const [quantity, value] of quantities) {
    it(`${JSON.stringify(quantity)} is ${value ?? "refused"}`, () => {
      const parsed = parseKubernetesQuantity(quantity);
      if (value === undefined || parsed === undefined) assert.equal(parsed, value);
      else assert.ok(Math.abs(parsed - value) <= Math.abs(value) * 1e-12, `${parsed}`);
    });
  }
});
