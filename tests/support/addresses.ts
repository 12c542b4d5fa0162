import type { Service } from "./cluster-services.ts";

/** A host that a text names, with what it says of the port. */
export interface Mention {
  readonly host: string;
  /** Undefined when neither a number nor a scheme tells. */
  readonly port: number | undefined;
  /** Whether it is written as a URL, so that it is a host for certain. */
  readonly isUrl: boolean;
}

/** Ports that go without saying. */
const ports: Readonly<Record<string, number>> = { http: 80, https: 443, mqtt: 1883, mqtts: 8883 };

const address =
  /(?:(?<scheme>[a-z][a-z0-9+]*):\/\/)?(?:[^\s/@"']+@)?(?<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?<port>\d{1,5}))?(?![.-]?[a-z0-9])/gi;

/** All hosts in a text, and much that is none: whoever asks knows which ones there are. */
export function mentionsIn(text: string): Mention[] {
  return [...text.matchAll(address)].map(({ groups = {} }) => {
    const { host = "", port, scheme = "" } = groups;
    return {
      host: host.toLowerCase(),
      port: port === undefined ? ports[scheme.toLowerCase()] : Number(port),
      isUrl: scheme !== "",
    };
  });
}

/** What a host inside the cluster leads to. */
export type Resolved =
  | { readonly kind: "service"; readonly service: Service }
  /** A name of the cluster's that nobody answers to. */
  | { readonly kind: "nobody" };

/**
 * Finds a host as the cluster's name service does: `<service>`, `<service>.<namespace>`, with or without `.svc` and `.svc.cluster.local`,
 * and `<pod>.` in front of any of them.
 *
 * @param home the namespace in which somebody asks
 * @returns undefined for a host that is none of the cluster's
 */
export function resolve(
  { host, isUrl, port }: Mention,
  home: string,
  services: readonly Service[],
  namespaces: readonly string[],
): Resolved | undefined {
  const isWhole = /\.svc(\.cluster\.local)?$/.test(host);
  const parts = host.replace(/\.svc(\.cluster\.local)?$/, "").split(".");
  const find = (name: string | undefined, namespace: string | undefined) =>
    services.find((service) => service.name === name && service.namespace === namespace);
  const [first, second, third] = parts;
  const isAddress = isWhole || isUrl || port !== undefined;
  const service =
    parts.length === 1
      ? isAddress && find(first, home)
      : parts.length === 2
        ? (find(first, second) ?? (isAddress && headless(find(second, home))))
        : parts.length === 3 && headless(find(second, third));
  if (service) return { kind: "service", service };
  const isOurs = parts.length >= 2 && namespaces.includes(parts.at(-1) ?? "") && isAddress;
  return isWhole || isOurs ? { kind: "nobody" } : undefined;
}

/** Only pods of Services without an address of their own have names. */
function headless(service: Service | undefined): Service | undefined {
  return service?.isHeadless ? service : undefined;
}
