import { regions } from "../../../../config/regions.ts";
import { checkOneOf } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { allOf, text } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { asUuid } from "./identity.ts";
import { mustExist, titles } from "./titles.ts";

export const volume: Kind = {
  title: titles.volume,
  id: asUuid,
  unique: (inputs) => `${text(inputs, "region")}/${text(inputs, "name")}`,
  check: ({ inputs, before }) => {
    checkOneOf("region", text(inputs, "region"), regions.digitalocean);
    if (Number(inputs.size) < 1) throw invalid("A volume has at least 1 GiB.");
    if (Number(inputs.size) < Number(before?.inputs.size ?? 0)) throw invalid("A volume cannot shrink.");
  },
  outputs: ({ id }) => ({ volumeUrn: `do:volume:${id}`, dropletIds: [] }),
  held: ({ id }, state) =>
    allOf(state, "digitalocean", "volumeAttachment").some(({ inputs }) => text(inputs, "volumeId") === id)
      ? "is attached: detach it first."
      : undefined,
};

export const volumeAttachment: Kind = {
  title: titles.volumeAttachment,
  id: ({ inputs }) => `${text(inputs, "dropletId")}-${text(inputs, "volumeId")}`,
  unique: (inputs) => text(inputs, "volumeId"),
  check: ({ inputs, others }) => {
    mustExist(others, "droplet", inputs.dropletId);
    mustExist(others, "volume", inputs.volumeId);
  },
};
