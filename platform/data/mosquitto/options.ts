import { z } from "zod";
import { complains, text } from "../../../config/complaint.ts";
import { quantitySchema } from "../../../config/quantities.ts";
import { systemOptions } from "../../../config/systems.ts";

/** Levels separated by `/`, with `+` for any one level and a final `#` for all below. */
const topicFilterPattern = /^(?:#|(?:[^#+/\s]+|\+)(?:\/(?:[^#+/\s]+|\+))*(?:\/#)?)$/;
const accountNamePattern = /^[a-z][a-z0-9-]{0,31}$/;

const topicFilter = text((filter) =>
  topicFilterPattern.test(filter)
    ? undefined
    : { reason: "is not an MQTT topic filter.", fix: "Write it like sensor/+ or factory/hall-1/#." },
);

const accountName = text((name) =>
  accountNamePattern.test(name)
    ? undefined
    : { reason: "is not an account name.", fix: "Use up to 32 lower-case letters, digits and hyphens." },
);

const account = z.strictObject({
  /** Login name. */
  name: accountName,
  /** Topics that it may write. @default none */
  publish: z.array(topicFilter).default([]),
  /** Topics that it may read. @default none */
  subscribe: z.array(topicFilter).default([]),
});

const accounts = z
  .array(account)
  .min(1)
  .check(
    complains((list) =>
      new Set(list.map(({ name }) => name)).size === list.length
        ? undefined
        : { reason: "has two accounts of the same name.", fix: "Give every account its own." },
    ),
  );

/** `uap:platform.systems.mosquitto`. */
export const mosquittoOptions = systemOptions({
  /** Size of the volume that keeps retained messages and sessions. @default "1Gi" */
  storage: quantitySchema.default("1Gi"),
  /** Serve devices outside the cluster, over TLS on port 8883 of a load balancer. @default false */
  expose: z.boolean().default(false),
  /** Accounts, each with a generated password. @default one for operators, one for the sensors */
  accounts: accounts.default([
    { name: "sysop", publish: ["#"], subscribe: ["#"] },
    { name: "sensor", publish: ["sensor/#"], subscribe: [] },
  ]),
});

export type MosquittoOptions = z.output<typeof mosquittoOptions>;
