import { z } from "zod";
import { complains, text } from "../../../config/complaint.ts";
import { complainAboutLabel } from "../../../config/names.ts";
import { quantitySchema } from "../../../config/quantities.ts";
import { Sensitive } from "../../../config/sensitive.ts";
import { systemOptions } from "../../../config/systems.ts";

const secret = z
  .string()
  .min(1)
  .transform((value) => new Sensitive(value));

const seal = z.discriminatedUnion("kind", [
  /** By hand, with the keys that `bao operator init` prints, after every start of a pod. */
  z.strictObject({ kind: z.literal("none") }),
  /** By a generated key, kept in the state and in a Secret: as safe as the cluster's Secrets are. */
  z.strictObject({ kind: z.literal("static") }),
  /** By the transit engine of another OpenBao or Vault, whose certificate is a public authority's. */
  z.strictObject({
    kind: z.literal("transit"),
    address: z.url({ protocol: /^https$/ }).describe("the https URL of the other OpenBao"),
    key: z.string().min(1).describe("the name of the key in its transit engine"),
    /** @default "transit/" */
    mount: z
      .string()
      .min(1)
      .default("transit/")
      .describe("the path of its transit engine, for example transit/"),
    token: secret.describe("a periodic token that may encrypt and decrypt with the key; a secret"),
  }),
  /** By a key of AWS KMS. */
  z.strictObject({
    kind: z.literal("awskms"),
    region: z.string().min(1).describe("the AWS region of the key, for example eu-central-1"),
    key: z.string().min(1).describe("the id or the ARN of the key"),
    accessKey: secret.describe("the access key of an account that may use the key; a secret"),
    secretKey: secret.describe("the secret key of that account; a secret"),
  }),
]);

const capabilities = ["create", "read", "update", "patch", "delete", "list", "scan", "sudo", "deny"] as const;

const capability = z.enum(capabilities).describe("a capability, for example read");

const policy = z.strictObject({
  name: text(complainAboutLabel).describe("a name for the policy, a DNS label such as notebooks"),
  /** What it allows, by path. */
  paths: z
    .record(z.string().min(1), z.array(capability).min(1))
    .describe("a map from paths such as secret/data/lab/* to lists of capabilities such as read"),
  /** The service account that gets it, when it logs in under the policy's name. @default none */
  account: z
    .strictObject({
      namespace: text(complainAboutLabel).describe("the namespace of the service account"),
      name: z.string().min(1).describe("the name of the service account"),
    })
    .optional()
    .describe("a service account, with namespace and name"),
});

/** `uap:platform.systems.openbao`. */
export const openbaoOptions = systemOptions({
  /** How a pod that starts gets at its data. @default by a generated key */
  seal: seal
    .default({ kind: "static" })
    .describe("a map that says how it unseals itself: kind none, static, transit or awskms"),
  /** @default none */
  policies: z
    .array(policy)
    .default([])
    .check(
      complains((list) =>
        new Set(list.map(({ name }) => name)).size === list.length
          ? undefined
          : { reason: "has two policies of the same name.", fix: "Give every policy its own." },
      ),
    )
    .describe("a list of policies, each with name, paths and account"),
  /** Size of each pod's volume. @default "2Gi" */
  storage: quantitySchema.default("2Gi").describe("the size of each volume, for example 2Gi"),
}).check(
  complains(({ policies, seal: { kind } }) =>
    kind === "none" && policies.length > 0
      ? {
          reason: "declares policies, which cannot be written while OpenBao is sealed.",
          fix: "Choose another `seal`, or write the policies by hand after you have unsealed it.",
        }
      : undefined,
  ),
);

export type OpenbaoOptions = z.output<typeof openbaoOptions>;
export type OpenbaoPolicy = OpenbaoOptions["policies"][number];
