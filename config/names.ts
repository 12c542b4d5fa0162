import type { Complaint } from "./complaint.ts";
import { text } from "./complaint.ts";

/** Longest label of a DNS name, in characters (RFC 1035, 2.3.4); also the longest node, namespace and service name. */
export const longestLabel = 63;
/** Longest DNS name, in characters, without the final dot (RFC 1035, 2.3.4, less the length octets). */
export const longestDomain = 253;

/** A DNS label as Kubernetes wants it (RFC 1123): lower case, digits and inner hyphens. */
export function isLabel(name: string): boolean {
  return name.length <= longestLabel && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}

/** What keeps a text from being a DNS label, with the nearest label as suggestion. */
export function complainAboutLabel(name: string): Complaint | undefined {
  if (isLabel(name)) return undefined;
  if (name.length > longestLabel) {
    return {
      reason: `is ${name.length} characters long; a DNS label has at most ${longestLabel}.`,
      fix: "Shorten it.",
    };
  }
  const reason = "is not a DNS label: lower-case letters, digits and inner hyphens.";
  const near = nearestLabel(name);
  return near === "" ? { reason, fix: "Choose such a name." } : { reason, suggestion: near };
}

function nearestLabel(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
}

/** What keeps a text from being a DNS name such as `example.org`. */
export function complainAboutDomain(domain: string): Complaint | undefined {
  if (domain.length > longestDomain) {
    return {
      reason: `is ${domain.length} characters long; a DNS name has at most ${longestDomain}.`,
      fix: "Shorten it.",
    };
  }
  if (domain.split(".").every(isLabel)) return undefined;
  const reason =
    "is not a DNS name: labels of lower-case letters, digits and hyphens, with dots between them.";
  const near = domain
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/[/:].*$/, "")
    .replaceAll(/^\.+|\.+$/g, "");
  return near !== domain && near.split(".").every(isLabel)
    ? { reason, suggestion: near }
    : { reason, fix: "Write it like example.org, without scheme, port or path." };
}

/** A DNS label. */
export const labelSchema = text(complainAboutLabel);
/** A DNS name. */
export const domainSchema = text(complainAboutDomain);

/** Whether `domain` is `zone` or lies below it. */
export function isWithin(domain: string, zone: string): boolean {
  return domain === zone || domain.endsWith(`.${zone}`);
}
