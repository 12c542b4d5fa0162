import type { z } from "zod";
import { quantitySchema } from "../../../config/quantities.ts";
import { systemOptions } from "../../../config/systems.ts";

/** `uap:platform.systems.zabbix`. */
export const zabbixOptions = systemOptions({
  /** Size of the database's volume: some 100 bytes for each value that is kept. @default "5Gi" */
  storage: quantitySchema.default("5Gi").describe("the size of the database's volume, such as 5Gi"),
});

export type ZabbixOptions = z.output<typeof zabbixOptions>;
