import { networkOf } from "../../../config/defaults.ts";
import type { Requirement } from "../../../config/systems.ts";

/** Kilo comes with the cluster's network, and with no other. */
export const needsKiloNetwork: Requirement = {
  reads: ["cluster", "pools"],
  complain(sections) {
    if (sections.cluster.kind === "k3s" && networkOf(sections) === "kilo") return undefined;
    return {
      reason: "is the pod network of clusters that the program creates with `uap:cluster.network: kilo`.",
      fix: "Remove it; choosing that network switches it on.",
    };
  },
};
