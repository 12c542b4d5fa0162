import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Properties } from "../protocol/provider.ts";
import { resource } from "../protocol/resource.ts";
import { keepers } from "./draw.ts";

/** `RandomId`: bytes in four notations, each behind the prefix. Imported from `<base64url>` or `<prefix>,<base64url>`. */
export const identifier = resource({
  inputs: z.object({ ...keepers, byteLength: z.int().min(1), prefix: z.string().optional() }),
  computed: ["b64Std", "b64Url", "dec", "hex"],
  create({ byteLength, prefix = "" }) {
    const bytes = randomBytes(byteLength);
    return { id: bytes.toString("base64url"), outputs: outputs(bytes, prefix) };
  },
  import(given) {
    const comma = given.lastIndexOf(",");
    const prefix = given.slice(0, Math.max(comma, 0));
    const bytes = Buffer.from(given.slice(comma + 1), "base64url");
    const inputs = { byteLength: bytes.length, ...(prefix === "" ? {} : { prefix }) };
    return { id: bytes.toString("base64url"), inputs, outputs: outputs(bytes, prefix) };
  },
});

function outputs(bytes: Buffer, prefix: string): Properties {
  const hex = bytes.toString("hex");
  return {
    b64Std: prefix + bytes.toString("base64"),
    b64Url: prefix + bytes.toString("base64url"),
    dec: prefix + BigInt(`0x${hex}`).toString(),
    hex: prefix + hex,
  };
}
