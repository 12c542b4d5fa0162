import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Properties } from "../protocol/provider.ts";
import { resource } from "../protocol/resource.ts";
import { keepers } from "./draw.ts";

/** `RandomBytes`: secret bytes, as base64 and hexadecimal. Imported from base64. */
export const randomBytesResource = resource({
  inputs: z.object({ ...keepers, length: z.int().min(1) }),
  computed: ["base64", "hex"],
  secret: ["base64", "hex"],
  create({ length }) {
    return { id: "none", outputs: outputs(randomBytes(length)) };
  },
  import(id) {
    const bytes = Buffer.from(id, "base64");
    return { id: "none", inputs: { length: bytes.length }, outputs: outputs(bytes) };
  },
});

function outputs(bytes: Buffer): Properties {
  return { base64: bytes.toString("base64"), hex: bytes.toString("hex") };
}
