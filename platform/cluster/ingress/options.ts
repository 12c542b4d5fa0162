import { z } from "zod";
import { cidrSchema } from "../../../config/addresses.ts";
import { systemOptions } from "../../../config/systems.ts";

/** `uap:platform.systems.ingress`. */
export const ingressOptions = systemOptions({
  /** Proxies in front of the cluster, by their ranges: what they say of a request's origin is believed, and nobody else. @default none */
  trustedProxies: z
    .array(cidrSchema.describe("a range of addresses such as 203.0.113.0/24"))
    .default([])
    .describe("a list of the ranges of proxies in front of the cluster, such as 203.0.113.0/24"),
  /** One line for every request, as JSON, in the controller's log. @default true */
  accessLog: z.boolean().default(true).describe("true when every request is logged, else false"),
});

export type IngressOptions = z.output<typeof ingressOptions>;
