import { complainAboutLabel, longestDomain } from "./names.ts";

/** What a hostname is made of. */
export interface HostnameParts {
  /** The system's public name, such as `lab`. */
  readonly service: string;
  /** The namespace, for systems whose host names it. @default none */
  readonly namespace?: string;
  /** The cluster's name. */
  readonly cluster: string;
  /** The stack's domain. */
  readonly domain: string;
}

/**
 * The public host of a service: `<service>[.<namespace>].<cluster>.<domain>`.
 *
 * @throws RangeError when a label or the whole is longer than DNS allows, or a label has other characters. A configuration
 * that was accepted leaves room for a service and a namespace of full length, so for those it never happens.
 */
export function hostname({ service, namespace, cluster, domain }: HostnameParts): string {
  const labels = namespace === undefined ? [service, cluster] : [service, namespace, cluster];
  const host = [...labels, domain].join(".");
  for (const label of [...labels, ...domain.split(".")]) {
    const complaint = complainAboutLabel(label);
    if (complaint)
      throw new RangeError(`The host ${host} cannot be used: its label "${label}" ${complaint.reason}`);
  }
  if (host.length > longestDomain) {
    throw new RangeError(
      `The host ${host} has ${host.length} characters; a DNS name has at most ${longestDomain}.`,
    );
  }
  return host;
}
