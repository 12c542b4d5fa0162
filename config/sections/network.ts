import { z } from "zod";

import { privateCidrSchema } from "../addresses.ts";

/** The section `uap:network`: the ranges below the pod network. */
export const networkSchema = z.strictObject({
  privateCidr: privateCidrSchema
    .default("10.20.0.0/16")
    .describe(
      "the range of all private networks, split into 256: of a /16 each place where servers stand has a /24, of a wider range a wider one, for example 10.20.0.0/16",
    ),
  // Kilo's own default.
  meshCidr: privateCidrSchema
    .default("10.4.0.0/16")
    .describe("the range of Kilo's WireGuard addresses, for example 10.4.0.0/16"),
});

/** The ranges below the pod network. */
export type Network = z.output<typeof networkSchema>;
