import { checkPattern } from "../../checks.ts";
import { conflict, invalid } from "../../cloud-error.ts";
import { allOf, text } from "../../inventory.ts";
import type { Kind, Wish } from "../../kind.ts";
import { arn, prefixed } from "./identity.ts";
import { usedBy } from "./references.ts";
import { mustExist, titles } from "./titles.ts";

/** GiB of a volume of the type gp3. */
const largest = 65_536;

export const volume: Kind = {
  title: titles.volume,
  id: prefixed("vol"),
  check: ({ inputs, before }) => {
    checkPattern("availability zone", text(inputs, "availabilityZone"), /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/);
    const size = Number(inputs.size);
    if (size < 1 || size > largest) throw invalid(`A volume has from 1 to ${largest} GiB.`);
    if (size < Number(before?.inputs.size ?? 0)) throw invalid("A volume cannot shrink.");
  },
  outputs: ({ id }) => ({ arn: arn("ec2", `volume/${id}`) }),
  held: usedBy("volumeId", ["volumeAttachment"]),
};

export const volumeAttachment: Kind = {
  title: titles.volumeAttachment,
  id: ({ digits }) => `vai-${Number.parseInt(digits.slice(0, 8), 16)}`,
  unique: (inputs) => text(inputs, "volumeId"),
  check: checkAttachment,
};

/** A volume is for instances of its own zone, and each of their device names is taken once. */
function checkAttachment({ inputs, others }: Wish): void {
  const instance = mustExist(others, "instance", inputs.instanceId);
  const disk = mustExist(others, "volume", inputs.volumeId);
  if (disk.inputs.availabilityZone !== instance.outputs.availabilityZone)
    throw invalid(`The volume ${disk.id} is not in the zone of the instance ${instance.id}.`);
  const deviceName = text(inputs, "deviceName");
  const isTaken = allOf(others, "aws", "volumeAttachment").some(
    (other) => other.inputs.instanceId === instance.id && other.inputs.deviceName === deviceName,
  );
  if (isTaken) throw conflict(`The instance ${instance.id} has a disk at ${deviceName} already.`);
}
