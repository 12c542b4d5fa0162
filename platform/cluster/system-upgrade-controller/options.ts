import type { Requirement } from "../../../config/systems.ts";

/** There are releases to keep up with only on nodes that the program set up itself. */
export const needsOwnNodes: Requirement = {
  reads: ["cluster.kind"],
  complain({ cluster }) {
    if (cluster.kind === "k3s") return undefined;
    return {
      reason: "upgrades the nodes of clusters that the program creates, but this stack uses an existing one.",
      fix: "Remove it.",
    };
  },
};
