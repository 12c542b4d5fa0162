/** A container image's reference, taken apart and completed the way container runtimes complete it. */
export interface ImageReference {
  /** Host of the registry, with its port if one is given; `docker.io` when the reference names none. */
  readonly registry: string;
  /** Path inside the registry; `library/` is put before the one-part names of Docker Hub. */
  readonly repository: string;
  /** The tag, if the reference has one. */
  readonly tag?: string;
  /** The digest with its algorithm, for example `sha256:…`, if the reference has one. */
  readonly digest?: string;
}

const pathComponent = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const host = "(?:\\[[0-9a-fA-F:]+\\]|[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::[0-9]+)?";

/** Grammar of references as the OCI distribution project defines it: name, optional tag, optional digest. */
const grammar = new RegExp(
  `^(?<name>(?:${host}/)?${pathComponent}(?:/${pathComponent})*)` +
    "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?" +
    "(?:@(?<digest>[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$",
);

/** Takes a reference apart; undefined when no container runtime would accept it. */
export function parseImageReference(reference: string): ImageReference | undefined {
  const groups = grammar.exec(reference)?.groups;
  if (groups?.name === undefined) return undefined;
  const { tag, digest } = groups;
  return {
    ...splitName(groups.name),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The first part of a name is a registry only if it cannot be a user of Docker Hub: it has a dot, a port, or is localhost. */
function splitName(name: string): Pick<ImageReference, "registry" | "repository"> {
  const [first = "", ...rest] = name.split("/");
  if (rest.length > 0 && (/[.:A-Z]/.test(first) || first === "localhost")) {
    return first === "index.docker.io"
      ? { registry: "docker.io", repository: rest.join("/") }
      : { registry: first, repository: rest.join("/") };
  }
  return { registry: "docker.io", repository: rest.length === 0 ? `library/${name}` : name };
}

/** First words of tags that follow a branch or a release channel. */
const channels: ReadonlySet<string> = new Set([
  ...["latest", "stable", "release", "production", "prod", "lts", "current", "mainline", "rolling"],
  ...[
    "main",
    "master",
    "trunk",
    "head",
    "develop",
    "development",
    "dev",
    "devel",
    "edge",
    "next",
    "unstable",
  ],
  ...[
    "nightly",
    "daily",
    "weekly",
    "snapshot",
    "canary",
    "testing",
    "test",
    "staging",
    "beta",
    "alpha",
    "rc",
  ],
]);

/**
 * Tells whether a tag names a channel, whose image changes, and not a version.
 *
 * It does when its first word is a channel (`latest`, `stable-alpine3.20`) or when it has no digit at all (`alpine`).
 */
export function isMovingTag(tag: string): boolean {
  const [firstWord = ""] = tag.toLowerCase().split(/[-_.]/);
  return channels.has(firstWord) || !/[0-9]/.test(tag);
}
