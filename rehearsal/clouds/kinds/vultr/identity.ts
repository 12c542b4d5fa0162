import { uuid } from "../../identifiers.ts";
import type { Kind } from "../../kind.ts";

export const asUuid: Kind["id"] = ({ digits }) => uuid(digits);

/** When everything was made. */
export const time = "2026-01-01T00:00:00+00:00";
