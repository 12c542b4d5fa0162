import { planned, type CatalogueRows } from "../catalogue-row.ts";

/** The systems of the blockchain layer, in the order in which they are deployed. */
export const chainRows = {
  besu: planned("chain", "Besu"),
  ethstats: planned("chain", "Ethstats"),
  "last-block": planned("chain", "last-block"),
} as const satisfies CatalogueRows;
