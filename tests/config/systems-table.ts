import { z } from "zod";

import { quantitySchema } from "../../config/quantities.ts";
import type { Budget, SystemRules } from "../../config/systems.ts";
import { systemOptions } from "../../config/systems.ts";

const budget = (): Budget => ({ cpu: "100m", memory: "128Mi" });
const plain = { needs: [], conflicts: [], options: systemOptions({}), budget };
const storage = quantitySchema.default("10Gi").describe("the size of each volume, for example 10Gi");

/** A small catalogue: enough for needs, conflicts, options and planned systems. */
export const systems = {
  namespaces: plain,
  ingress: plain,
  "cert-manager": plain,
  portal: plain,
  kilo: plain,
  "local-path": plain,
  nvidia: { planned: true },
  "rook-ceph": { ...plain, conflicts: ["longhorn"] },
  longhorn: { ...plain, conflicts: ["rook-ceph"] },
  nfs: plain,
  mosquitto: plain,
  kafka: {
    ...plain,
    options: systemOptions({
      brokers: z.int().min(1).max(9).optional().describe("the number of brokers, from 1 to 9"),
      storage,
    }),
  },
  elasticsearch: plain,
  kibana: { ...plain, needs: ["elasticsearch"] },
  keycloak: plain,
  jupyterhub: { ...plain, needs: ["keycloak"], options: systemOptions({ storage }) },
  airflow: { planned: true },
} as const satisfies SystemRules;
