import { isMovingTag, parseImageReference } from "./image-reference.ts";
import type { ImageReference } from "./image-reference.ts";
import type { Policy } from "./policy.ts";
import { containersOf } from "./workloads.ts";

/** Settings of {@link pinnedImages}. */
export interface PinnedImagesSettings {
  /** Registries, or paths inside them, that images may come from; empty allows all. */
  readonly registries: readonly string[];
}

/** Every image is pinned to a version or a digest, and comes from a registry that is allowed. */
export const pinnedImages: Policy<PinnedImagesSettings> = {
  name: "pinned-images",
  description:
    "Every container image is pinned to a version or a digest, and comes from an allowed registry.",
  why: "A moving tag runs something else after the next restart, differs between nodes, and cannot be rolled back.",
  severity: "high",
  enforcementLevel: "mandatory",
  frameworks: ["NSA/CISA Kubernetes Hardening Guidance"],
  topics: ["supply chain", "reproducibility"],
  link: "https://kubernetes.io/docs/concepts/containers/images/",
  settings: {
    registries: {
      type: "array",
      items: { type: "string", pattern: "^[^\\s/]+(/[^\\s/]+)*$" },
      description:
        "Registries, or paths inside them (`ghcr.io`, `docker.io/library`), that images may come from. Empty allows all.",
      default: [],
    },
  },
  validate(resource, report, settings) {
    for (const container of containersOf(resource)) {
      const { image } = container.properties;
      if (typeof image !== "string") continue;
      const breach = breachOf(image, settings.registries);
      if (breach !== undefined) report(resource, { path: `${container.path}.image`, ...breach });
    }
  },
};

/** What is wrong with an image, if anything. */
function breachOf(
  image: string,
  registries: readonly string[],
): { problem: string; fix: string } | undefined {
  const reference = parseImageReference(image);
  if (reference === undefined) {
    return {
      problem: `"${image}" is not an image reference`,
      fix: "write it as registry/repository:tag, in lower case up to the tag",
    };
  }
  if (registries.length > 0 && !registries.some((allowed) => isWithin(reference, allowed))) {
    return {
      problem: `image "${image}" comes from ${reference.registry}/${reference.repository}, which is not among the allowed registries`,
      fix: `take it from ${registries.join(" or ")}, or add its registry to the setting "registries"`,
    };
  }
  if (reference.digest !== undefined) return undefined;
  const fix = `name a version (${image.replace(/:[^:/]*$/, "")}:1.2.3) or a digest (…@sha256:…)`;
  if (reference.tag === undefined)
    return { problem: `image "${image}" has no tag, which means "latest"`, fix };
  if (isMovingTag(reference.tag)) {
    return { problem: `image "${image}" has the tag "${reference.tag}", which moves`, fix };
  }
  return undefined;
}

/** Tells whether an image lies in a registry or below a path of it. A prefix counts only up to a whole path component. */
function isWithin(reference: ImageReference, allowed: string): boolean {
  return `${reference.registry}/${reference.repository}/`.startsWith(`${allowed}/`);
}
