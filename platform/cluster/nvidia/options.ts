import { z } from "zod";
import { systemOptions } from "../../../config/systems.ts";

/** `uap:platform.systems.nvidia`. */
export const nvidiaOptions = systemOptions({
  /**
   * The RuntimeClass `nvidia`: `present` where the cluster has it, as every k3s cluster does, or `install`.
   *
   * @default "present"
   */
  runtimeClass: z
    .enum(["present", "install"])
    .default("present")
    .describe(
      "the RuntimeClass nvidia: present (the cluster has it, as k3s does) or install (the program creates it)",
    ),
});
