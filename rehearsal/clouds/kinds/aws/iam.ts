import { allOf } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { arn, named } from "./identity.ts";
import { needs } from "./references.ts";
import { titles } from "./titles.ts";

export const role: Kind = {
  title: titles.role,
  id: named,
  unique: byName,
  outputs: ({ id, digits }) => ({
    arn: arn("iam", `role/${id}`),
    uniqueId: `AROA${digits.slice(0, 16).toUpperCase()}`,
  }),
  held: (role, state) =>
    allOf(state, "aws", "instanceProfile").some(({ inputs }) => inputs.role === role.id)
      ? "is in an instance profile."
      : undefined,
};

export const instanceProfile: Kind = {
  title: titles.instanceProfile,
  id: named,
  unique: byName,
  check: needs("role", "role"),
  outputs: ({ id }) => ({ arn: arn("iam", `instance-profile/${id}`) }),
};
