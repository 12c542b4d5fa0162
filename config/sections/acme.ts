import { z } from "zod";

/** The section `uap:acme`. */
export const acmeSchema = z.strictObject({
  issuer: z
    .enum(["production", "staging", "self-signed"])
    .optional()
    .describe(
      "who signs the certificates: production or staging of Let's Encrypt, or self-signed, by the stack's own authority",
    ),
  email: z
    .email({ error: ({ input }) => (typeof input === "string" ? "is not an e-mail address." : undefined) })
    .optional()
    .describe("the e-mail address of the account that cert-manager registers at Let's Encrypt"),
});

/** Who signs the certificates of the stack's hosts. */
export type Acme =
  { readonly issuer: "self-signed" } | { readonly issuer: "production" | "staging"; readonly email: string };
