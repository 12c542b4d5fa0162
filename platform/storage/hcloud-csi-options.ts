import { z } from "zod";
import { Sensitive } from "../../config/sensitive.ts";
import { systemOptions } from "../../config/systems.ts";

/** `uap:platform.systems.cloud-volumes`. */
export const hcloudCsiOptions = systemOptions({
  /**
   * Hetzner's API token for volumes, set by `pulumi config set --secret --path uap:platform.systems.cloud-volumes.token`.
   * @default the token that the program itself uses (`hcloud:token`); without either, the namespace `hcloud-csi` must get a Secret `hcloud`
   * with the key `token` in another way, such as a sealed one
   */
  token: z
    .string()
    .min(1)
    .transform((value) => new Sensitive(value))
    .optional(),
});

export type HcloudCsiOptions = z.output<typeof hcloudCsiOptions>;
