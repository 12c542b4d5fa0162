import type { Check } from "../../../config/checks/check.ts";
import type { PlatformConfiguration } from "../../layer.ts";

/** That nobody creates the RuntimeClass a second time. */
export const runtimeClassCheck: Check<PlatformConfiguration> = {
  reads: ["cluster.kind", "platform"],
  find({ cluster, platform }) {
    const runtimeClass = platform.systems.nvidia?.runtimeClass;
    if (cluster.kind !== "k3s" || runtimeClass !== "install") return [];
    return [
      {
        path: ["platform", "systems", "nvidia", "runtimeClass"],
        value: runtimeClass,
        reason: "is for clusters without the RuntimeClass nvidia; k3s brings it along.",
        fix: "Remove it.",
      },
    ];
  },
};
