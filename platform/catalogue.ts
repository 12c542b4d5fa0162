import type { SystemRules } from "../config/systems.ts";
import type { CatalogueRow, CatalogueRows } from "./catalogue-row.ts";
import { chainRows } from "./chain/catalogue.ts";
import { clusterRows } from "./cluster/catalogue.ts";
import { dataRows } from "./data/catalogue.ts";
import { devopsRows } from "./devops/catalogue.ts";
import { mlRows } from "./ml/catalogue.ts";
import { storageRows } from "./storage/catalogue.ts";

/**
 * Every system of the platform, by name, in the order in which the layers are deployed.
 *
 * A system that is `planned` is known to the configuration and to the presets, and cannot be switched on yet.
 */
export const catalogue = {
  ...clusterRows,
  ...storageRows,
  ...dataRows,
  ...mlRows,
  ...chainRows,
  ...devopsRows,
} as const satisfies CatalogueRows & SystemRules;

export type Catalogue = typeof catalogue;

/** The systems that can be switched on. */
export type SystemName = {
  [Name in keyof Catalogue]: Catalogue[Name] extends { readonly planned: true } ? never : Name;
}[keyof Catalogue];

/** The row of a system, without the types of its own options. */
export function rowOf(name: keyof Catalogue): CatalogueRow {
  return catalogue[name];
}
