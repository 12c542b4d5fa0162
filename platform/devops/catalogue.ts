import { systemOptions } from "../../config/systems.ts";
import { built, planned, type CatalogueRows } from "../catalogue-row.ts";

/** The systems of the delivery layer, in the order in which they are deployed. */
export const devopsRows = {
  gitlab: planned("devops", "GitLab"),
  "gitlab-runner": planned("devops", "GitLab Runner"),
  buildkit: planned("devops", "BuildKit"),
  jenkins: planned("devops", "Jenkins"),
  "argo-cd": planned("devops", "Argo CD"),
  flux: planned("devops", "Flux"),
  flagger: planned("devops", "Flagger"),
  harbor: planned("devops", "Harbor"),
  kyverno: planned("devops", "Kyverno"),
  opencost: planned("devops", "OpenCost"),
  portal: built({
    layer: "devops",
    title: "Portal",
    purpose: "one page with links to every system",
    form: "native",
    licence: "GPL-3.0-only",
    namespace: "portal",
    service: "portal",
    needs: ["namespaces"],
    images: { homepage: "ghcr.io/gethomepage/homepage:v1.12.3" },
    options: systemOptions({}),
    budget: () => ({ cpu: "50m", memory: "160Mi" }),
  }),
} as const satisfies CatalogueRows;
