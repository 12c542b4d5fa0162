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

function topicFilters(right: "read" | "write") {
  return z
    .array(topicFilter.describe("an MQTT topic filter, for example sensor/#"))
    .default([])
    .describe(`a list of the topics that the account may ${right}, for example [sensor/#]`);
}

const account = z.strictObject({
  /** Login name. */
  name: accountName.describe("a login name, for example gateway"),
  /** Topics that it may write. @default none */
  publish: topicFilters("write"),
  /** Topics that it may read. @default none */
  subscribe: topicFilters("read"),
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
  storage: quantitySchema.default("1Gi").describe("the size of its volume, for example 1Gi"),
  /**
   * Serve devices outside the cluster, over TLS on port 8883. On clusters that the program creates, the ingress nodes serve it, unless they have
   * a taint, and their firewalls let everybody in at that port. On others the cluster must have an address for a Service of the type LoadBalancer.
   *
   * @default false
   */
  expose: z
    .boolean()
    .default(false)
    .describe("true to serve devices outside the cluster, over TLS on port 8883, or false"),
  /** Accounts, each with a generated password. @default one for operators, one for the sensors */
  accounts: accounts
    .default([
      { name: "sysop", publish: ["#"], subscribe: ["#"] },
      { name: "sensor", publish: ["sensor/#"], subscribe: [] },
    ])
    .describe("a list of accounts, each with name, publish and subscribe"),
});

export type MosquittoOptions = z.output<typeof mosquittoOptions>;
