import { regions } from "../../../../config/regions.ts";
import { checkOneOf } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { allOf, text } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { numeric, protectedResource } from "./identity.ts";
import { mustExist, titles } from "./titles.ts";

export const volume: Kind = {
  title: titles.volume,
  id: numeric,
  unique: byName,
  check: ({ inputs, before }) => {
    const size = Number(inputs.size);
    if (size < 10 || size > 10_240) throw invalid("A volume has from 10 to 10240 GB.");
    if (before !== undefined && size < Number(before.inputs.size)) throw invalid("A volume cannot shrink.");
    if (inputs.location !== undefined) checkOneOf("location", text(inputs, "location"), regions.hetzner);
  },
  outputs: ({ id }) => ({ linuxDevice: `/dev/disk/by-id/scsi-0HC_Volume_${id}` }),
  held: (volume, state) =>
    protectedResource(volume) ??
    (allOf(state, "hcloud", "volumeAttachment").some(({ inputs }) => text(inputs, "volumeId") === volume.id)
      ? "is attached: detach it first."
      : undefined),
};

export const volumeAttachment: Kind = {
  title: titles.volumeAttachment,
  id: ({ inputs }) => text(inputs, "volumeId"),
  unique: (inputs) => text(inputs, "volumeId"),
  check: ({ inputs, others }) => {
    mustExist(others, "server", inputs.serverId);
    mustExist(others, "volume", inputs.volumeId);
  },
};
