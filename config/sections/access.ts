import { z } from "zod";

import type { Complaint } from "../complaint.ts";
import { complains } from "../complaint.ts";
import { cidrSchema } from "../addresses.ts";
import { labelSchema } from "../names.ts";

const keyTypes = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
];
const hardwareKeyTypes = ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"];

function complainAboutSshKey(key: string): Complaint | undefined {
  if (key.includes("PRIVATE KEY")) {
    return {
      reason: "is a private key.",
      fix: "Give the public key, which is the line in the file that ends in .pub. The private key is in this file now, so generate a new pair.",
    };
  }
  const [type = "", body = ""] = key.trim().split(/\s+/);
  const isKey =
    [...keyTypes, ...hardwareKeyTypes].includes(type) && /^AAAA[A-Za-z0-9+/]{40,}={0,2}$/.test(body);
  return isKey
    ? undefined
    : {
        reason: "is not an SSH public key.",
        fix: 'Give the whole line of the .pub file, like "ssh-ed25519 AAAA… you@laptop".',
      };
}

/** The section `uap:access`. */
export const accessSchema = z.strictObject({
  sshKeys: z
    .array(z.string().check(complains(complainAboutSshKey)).describe("an SSH public key"))
    .default([])
    .describe("a list of SSH public keys that may log in to the nodes"),
  operatorCidrs: z
    .array(cidrSchema.describe("a range of addresses such as 203.0.113.7/32"))
    .default([])
    .describe("a list of the ranges that may reach SSH and the Kubernetes API, such as 203.0.113.7/32"),
  allowWorld: z
    .boolean()
    .default(false)
    .describe("true when the whole Internet may reach SSH and the Kubernetes API, else false"),
  users: z
    .array(
      z.strictObject({
        name: labelSchema.describe("the user's name, a DNS label"),
        role: z
          .enum(["admin", "developer", "viewer"])
          .default("developer")
          .describe("what the user may do: admin, developer or viewer"),
      }),
    )
    .default([])
    .describe("a list of the people who get a kubeconfig, each with name and role"),
});

/** Who may reach the nodes and the API, and who may do what in the cluster. */
export type Access = z.output<typeof accessSchema>;
/** A person with a kubeconfig. */
export type User = Access["users"][number];
