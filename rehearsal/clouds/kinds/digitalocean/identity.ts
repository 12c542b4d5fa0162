import { uuid } from "../../identifiers.ts";
import type { Kind } from "../../kind.ts";

/** Numbers, each kind's in a range of its own. */
export const numeric =
  (first: number): Kind["id"] =>
  ({ serial }) =>
    String(first + serial);

export const asUuid: Kind["id"] = ({ digits }) => uuid(digits);
