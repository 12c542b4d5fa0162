import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { resource, type Resource } from "../protocol/resource.ts";
import { keepers } from "./draw.ts";

/** `RandomUuid` and `RandomUuid4`: 122 random bits (RFC 9562, version 4). */
export const uuid4 = uuid(randomUUID);

/** `RandomUuid7`: the time in milliseconds, then 74 random bits (RFC 9562, version 7). */
export const uuid7 = uuid(() => {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
});

function uuid(make: () => string): Resource {
  return resource({
    inputs: z.object(keepers),
    computed: ["result"],
    create() {
      const result = make();
      return { id: result, outputs: { result } };
    },
    import(id) {
      return { id: z.guid().parse(id), inputs: {}, outputs: { result: id } };
    },
  });
}
