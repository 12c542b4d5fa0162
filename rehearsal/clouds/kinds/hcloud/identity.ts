import type { CloudResource } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";

/** Numbers, as all of Hetzner's ids are. */
export const numeric: Kind["id"] = ({ serial }) => String(40_000_000 + serial);

/** Why a resource with delete protection stays. */
export const protectedResource = ({ inputs }: CloudResource) =>
  inputs.deleteProtection === true ? "is protected: switch its delete protection off first." : undefined;
