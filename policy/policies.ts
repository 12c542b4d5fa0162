import { containerResources } from "./container-resources.ts";
import { guardedNamespaces } from "./guarded-namespaces.ts";
import { noLiteralSecrets } from "./no-literal-secrets.ts";
import { pinnedImages } from "./pinned-images.ts";
import type { Policy } from "./policy.ts";

/** The house rules, in the order in which the documentation lists them. */
export const policies: readonly Policy[] = [
  containerResources,
  pinnedImages,
  guardedNamespaces,
  noLiteralSecrets,
];
