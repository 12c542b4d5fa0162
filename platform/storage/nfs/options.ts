import type { z } from "zod";
import { text } from "../../../config/complaint.ts";
import { domainSchema } from "../../../config/names.ts";
import { systemOptions } from "../../../config/systems.ts";

const share = text((path) =>
  /^\/[^\s]*$/.test(path)
    ? undefined
    : { reason: "is not the path of a directory.", fix: "Write it as the server exports it, like /srv/nfs." },
);

/** `uap:platform.systems.nfs`. */
export const nfsOptions = systemOptions({
  /** Host name or address of an NFS server that is there already. */
  server: domainSchema.describe("the NFS server's host name, for example nfs.example.org"),
  /** Directory that the server exports; each volume is a directory below it. @default "/srv/nfs" */
  share: share.default("/srv/nfs").describe("the directory that the server exports, for example /srv/nfs"),
});

export type NfsOptions = z.output<typeof nfsOptions>;
