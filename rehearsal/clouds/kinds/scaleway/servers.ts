import { checkHostName, checkOneOf, checkPattern, checkUserData } from "../../checks.ts";
import { conflict, invalid } from "../../cloud-error.ts";
import {
  allOf,
  find,
  list,
  text,
  type CloudResource,
  type CloudsState,
  type Values,
} from "../../inventory.ts";
import type { Kind, SimulatedServer, Wish } from "../../kind.ts";
import { nicsOf } from "./networks.ts";
import { checkPlace, checkZone, zonal, zoneOf } from "./places.ts";
import { mustExist, titles } from "./titles.ts";

/** A user-data's limit in bytes. */
const userDataLimit = 127_998;
/** Sizes of block storage, in units of 10^9 bytes; the usual one is what a server gets whose order tells nothing of its disk. */
const blockSizes = { least: 5, usual: 10, most: 10_000 };
const types =
  /^(STARDUST1-S|DEV1-(S|M|L|XL)|GP1-(XS|S|M|L|XL)|PLAY2-(PICO|NANO|MICRO)|PRO2-(XXS|XS|S|M|L)|(POP2|COPARM1|BASIC[2-9]|STANDARD[2-9])-[A-Z0-9-]+|(GPU-3070|RENDER|H100|L4|L40S)-[A-Z0-9-]+)$/;
/** Types that bring their disk along. */
const typesWithDisk = /^(DEV1|GP1|STARDUST1)-/;
/** Labels, which stand for the image of the type's architecture, and ids. */
const images =
  /^(ubuntu_(jammy|noble|resolute)|debian_(bullseye|bookworm|trixie)|rockylinux_\d+|almalinux_\d+|fedora_\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export const server: Kind = {
  title: titles.server,
  id: zonal,
  check: checkServer,
  outputs: ({ inputs, state }) => ({
    state: "started",
    publicIps: list(inputs, "ipIds").map((id) => ({
      id,
      address: text(find(state, "scaleway", "ip", id)?.outputs ?? {}, "address"),
      family: "inet",
    })),
  }),
  held: ({ inputs }) =>
    inputs.protected === true ? "is protected: switch its protection off first." : undefined,
  owns: ({ id }, other) => other.kind === "privateNic" && other.inputs.serverId === id,
};

export const ip: Kind = {
  title: titles.ip,
  id: zonal,
  check: ({ inputs }) => {
    checkZone(inputs);
    checkOneOf("type of IP", text(inputs, "type") || "routed_ipv4", ["routed_ipv4", "routed_ipv6"]);
  },
  outputs: ({ address, digits, inputs }) => ({
    ...(inputs.type === "routed_ipv6"
      ? { address: "", prefix: `2001:db8:${digits.slice(0, 4)}:${digits.slice(4, 8)}::/64` }
      : { address, prefix: "" }),
    type: text(inputs, "type") || "routed_ipv4",
    reverse: "",
  }),
};

function checkServer({ inputs, others }: Wish): void {
  const zone = zoneOf(inputs);
  checkZone(inputs);
  checkHostName(text(inputs, "name"));
  checkPattern("type of server", text(inputs, "type"), types);
  checkPattern("image", text(inputs, "image"), images);
  checkUserData(text(inputs, "cloudInit"), userDataLimit);
  checkRootVolume(inputs);
  if (inputs.securityGroupId !== undefined) {
    checkPlace(mustExist(others, "securityGroup", inputs.securityGroupId), titles.securityGroup, zone);
  }
  for (const id of list(inputs, "ipIds")) {
    checkPlace(mustExist(others, "ip", id), titles.ip, zone);
    const owner = allOf(others, "scaleway", "server").find((other) =>
      list(other.inputs, "ipIds").includes(id),
    );
    if (owner !== undefined) {
      throw conflict(`The IP ${String(id)} is attached to the server ${text(owner.inputs, "name")}.`);
    }
  }
}

function checkRootVolume(inputs: Values): void {
  const volume = inputs.rootVolume as Values | undefined;
  if (volume === undefined) return;
  checkOneOf("type of volume", text(volume, "volumeType"), ["l_ssd", "sbs_volume"]);
  if (volume.volumeType === "l_ssd" && !typesWithDisk.test(text(inputs, "type"))) {
    throw invalid(`A server of the type ${text(inputs, "type")} has no disk of its own: take block storage.`);
  }
  const size = volume.sizeInGb ?? blockSizes.usual;
  if (Number(size) < blockSizes.least || Number(size) > blockSizes.most) {
    throw invalid(`A volume has from ${blockSizes.least} to ${blockSizes.most} GB.`);
  }
}

/** A server as any other cloud's. */
export function serverOf(
  { id, inputs, outputs }: CloudResource,
  state: CloudsState,
): Omit<SimulatedServer, "resource"> {
  const [address = {}] = list(outputs, "publicIps") as readonly Values[];
  return {
    name: text(inputs, "name"),
    region: zoneOf(inputs),
    type: text(inputs, "type"),
    publicAddress: text(address, "address"),
    privateAddresses: nicsOf(state)
      .filter(({ server: owner }) => owner === id)
      .map((nic) => ({ network: `scaleway/${nic.network}`, address: nic.address })),
    userData: text(inputs, "cloudInit"),
    ...diskOf(inputs),
  };
}

/** A local disk without a size is as large as the type's. */
function diskOf({ rootVolume }: Values): Pick<SimulatedServer, "disk"> {
  const volume = (rootVolume ?? {}) as Values;
  if (volume.sizeInGb === undefined && volume.volumeType === "l_ssd") return {};
  return { disk: Number(volume.sizeInGb ?? blockSizes.usual) * 1e9 };
}
