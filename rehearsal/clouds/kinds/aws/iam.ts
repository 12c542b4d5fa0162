import { allOf, text } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { arn, named } from "./identity.ts";
import { needs, usedBy } from "./references.ts";
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
      : usedBy("role", ["rolePolicy", "rolePolicyAttachment"])(role, state),
};

/** `<role>:<rights>`, as the provider names them. */
const ofRole: Kind["id"] = ({ digits, inputs }) => `${text(inputs, "role")}:${digits.slice(0, 12)}`;

/** Rights that a role has for itself. */
export const rolePolicy: Kind = { title: titles.rolePolicy, id: ofRole, check: needs("role", "role") };

/** Rights that a role shares with others. */
export const rolePolicyAttachment: Kind = {
  title: titles.rolePolicyAttachment,
  id: ofRole,
  check: needs("role", "role"),
};

export const instanceProfile: Kind = {
  title: titles.instanceProfile,
  id: named,
  unique: byName,
  check: needs("role", "role"),
  outputs: ({ id }) => ({ arn: arn("iam", `instance-profile/${id}`) }),
};
