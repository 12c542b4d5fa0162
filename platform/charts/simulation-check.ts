import type { Check } from "../../config/checks/check.ts";
import type { PlatformConfiguration } from "../layer.ts";

/** The environment variable by which a rehearsal tells the program that this is one. */
export const rehearsalMark = "UAP_IN_REHEARSAL";

/** That systems are simulated in a rehearsal alone: on a real cluster they would look healthy, and do nothing. */
export const simulationCheck: Check<PlatformConfiguration> = {
  reads: ["charts"],
  find({ charts }) {
    if (charts.source !== "facts" || process.env[rehearsalMark] === "true") return [];
    return [
      {
        path: ["charts", "source"],
        value: charts.source,
        reason: "simulates every chart by workloads that do no work, which only a rehearsal may do.",
        fix: "Write `upstream`, or leave uap:charts out.",
      },
    ];
  },
};
