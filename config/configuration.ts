import type { Path, Finding, Origin } from "./problems.ts";
import { ConfigurationError, formatPath } from "./problems.ts";
import type { Check } from "./checks/check.ts";
import { runChecks } from "./checks/check.ts";
import { poolChecks } from "./checks/pools.ts";
import { rangeChecks } from "./checks/ranges.ts";
import { serviceChecks } from "./checks/services.ts";
import { acmeOf, clusterOf, dnsOf, domainOf, poolsOf, protectOf, systemsOfCluster } from "./defaults.ts";
import { complainAboutLabel } from "./names.ts";
import { onlyCloudOf, placedPools } from "./one-cloud.ts";
import type { RawConfiguration } from "./reading.ts";
import { readSections } from "./reading.ts";
import type { Access } from "./sections/access.ts";
import type { Acme } from "./sections/acme.ts";
import type { Backup } from "./sections/backup.ts";
import type { Charts } from "./sections/charts.ts";
import type { Cluster } from "./sections/cluster.ts";
import type { Dns } from "./sections/dns.ts";
import type { Sections } from "./sections/index.ts";
import { sectionNames } from "./sections/index.ts";
import type { Network } from "./sections/network.ts";
import type { Platform } from "./sections/platform.ts";
import type { Pool } from "./sections/pools.ts";
import type { Selection, Wishes } from "./selection.ts";
import { selectSystems } from "./selection.ts";
import { selectClasses, type ClassSelection, type StorageClasses } from "./storage-classes.ts";
import type { SystemRules } from "./systems.ts";

/** A stack's configuration, checked and complete: nothing in it is left to decide. */
export interface Configuration<Rules extends SystemRules = SystemRules> {
  /** Hosts are `<service>[.<namespace>].<cluster>.<domain>`. @default `localhost` on an existing cluster */
  readonly domain: string;
  readonly cluster: Cluster;
  /** The nodes to create; none on an existing cluster. */
  readonly pools: readonly Pool[];
  readonly network: Network;
  readonly dns: Dns;
  readonly acme: Acme;
  readonly access: Access;
  readonly backup: Backup;
  readonly charts: Charts;
  /** The storage class that plays each role. @default by the systems that are on: see `storage-classes.ts` */
  readonly storage: StorageClasses;
  readonly platform: Platform<Rules>;
  /** Whether servers, volumes and DNS zones are protected from deletion. @default true, but false on an existing cluster */
  readonly protect: boolean;
}

/**
 * Checks a stack's configuration and completes it.
 *
 * @param raw the keys of the project's namespace, unread
 * @param systems the catalogue of systems
 * @param origin where it comes from; without a stack's name `cluster.name` must be given
 * @param laterChecks the rules of the stages that come after, which judge by the completed configuration. @default none
 * @throws ConfigurationError with every mistake at once
 */
export function parseConfiguration<const Rules extends SystemRules>(
  raw: RawConfiguration,
  systems: Rules,
  origin: Origin = {},
  laterChecks: readonly Check<Configuration<NoInfer<Rules>>>[] = [],
): Configuration<Rules> {
  const { sections, findings: misread, unsound } = readSections(raw);
  const selection = selectSystems(wishesOf(sections, unsound), systems);
  const requirements = requirementChecks(systems, selection.enabled);
  const checked = runChecks([nameCheck(origin), ...checks, ...requirements], sections, unsound);
  const storage = classesOf(sections, Object.keys(selection.systems), unsound);
  const configuration = isReadable(sections)
    ? complete(sections, selection, storage.classes, origin)
    : undefined;
  const later = configuration
    ? runChecks(laterChecks, configuration, [...unsound, ...selection.unsound])
    : [];
  const findings = [...misread, ...checked, ...storage.findings, ...selection.findings, ...later];
  if (configuration && findings.length === 0) return configuration;
  throw new ConfigurationError(inOrder(findings), origin, secretsOf(raw, origin));
}

/** Whether every section that is a map could be read, with or without mistakes. */
function isReadable(sections: Sections): boolean {
  return sectionNames.every(
    (name) => name === "domain" || name === "protect" || sections[name as keyof Sections] !== undefined,
  );
}

/** The configuration as far as it could be read, with its defaults. */
function complete<Rules extends SystemRules>(
  sections: Sections,
  selection: Selection<Rules>,
  classes: StorageClasses,
  origin: Origin,
): Configuration<Rules> {
  const { network, access, backup, charts, platform } = sections;
  const { preset, size } = platform;
  return {
    domain: domainOf(sections),
    cluster: clusterOf(sections, sections.cluster.name ?? origin.stack ?? ""),
    pools: poolsOf(sections),
    network,
    dns: dnsOf(sections),
    acme: acmeOf(sections),
    access,
    backup,
    charts,
    storage: classes,
    platform: { preset, size, systems: selection.systems, skipped: selection.skipped },
    protect: protectOf(sections),
  };
}

/** Every text below the keys that hold a secret; shorter ones would be found within ordinary words. */
function secretsOf(raw: RawConfiguration, { secretKeys = [] }: Origin): string[] {
  const texts = (value: unknown): string[] => {
    if (typeof value === "string") return value.length >= 4 ? [value] : [];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
  };
  return secretKeys.flatMap((key) => texts(raw[key])).toSorted((left, right) => right.length - left.length);
}

/** Without the systems nobody can say which classes there are. */
function classesOf(
  { storage, ...sections }: Sections,
  systems: readonly string[],
  unsound: readonly Path[],
): ClassSelection {
  const isLost = unsound.some(([section]) =>
    ["storage", "platform", "cluster", "pools"].includes(String(section)),
  );
  return isLost
    ? { classes: {}, findings: [] }
    : selectClasses(storage, systems, {
        cloud: onlyCloudOf(placedPools(sections)),
        hasDefault: sections.cluster.kind === "existing",
      });
}

const checks = [...poolChecks, ...rangeChecks, ...serviceChecks];

/** What is asked of the catalogue, as far as it can be read. */
function wishesOf(sections: Sections, unsound: readonly Path[]): Wishes {
  const isLost = (...places: string[]) => unsound.some((path) => places.includes(formatPath(path)));
  const canSeeCluster = !unsound.some(([section]) => section === "cluster" || section === "pools");
  const ofCluster = canSeeCluster ? systemsOfCluster(sections) : [];
  if (isLost("platform")) return { preset: undefined, size: "small", systems: {}, ofCluster };
  const { preset, size, systems } = sections.platform;
  return { preset: isLost("platform.preset") ? undefined : preset, size, systems, ofCluster };
}

/** The cluster's name is the stack's, unless it is given; then the stack's must be fit for hostnames. */
function nameCheck({ stack }: Origin): Check {
  const path = ["cluster", "name"];
  return {
    reads: ["cluster.name"],
    find({ cluster }) {
      if (cluster.name !== undefined) return [];
      if (stack === undefined) {
        return [{ path, reason: "is missing.", fix: "Give the cluster a name, a DNS label such as dev." }];
      }
      const complaint = complainAboutLabel(stack);
      if (complaint === undefined) return [];
      const { reason, suggestion } = complaint;
      const example = typeof suggestion === "string" ? `, such as \`name: ${suggestion}\`` : "";
      const fix = `Give it a name of its own${example}.`;
      return [{ path, value: stack, reason: `is taken from the stack, and ${reason}`, fix }];
    },
  };
}

/** What the systems that are on ask of the other sections. */
function requirementChecks(rules: SystemRules, enabled: readonly string[]): Check[] {
  return enabled.flatMap((name) => {
    const row = rules[name];
    const requirement = row?.planned === true ? undefined : row?.requires;
    if (requirement === undefined) return [];
    return [
      {
        reads: requirement.reads,
        find(sections) {
          const complaint = requirement.complain(sections);
          return complaint ? [{ path: ["platform", "systems", name], ...complaint }] : [];
        },
      },
    ];
  });
}

/** By section, keys that are none first; within a section, in the order in which they were found. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = ({ path }: Finding) => sectionNames.indexOf(String(path[0]));
  return findings.toSorted((left, right) => rank(left) - rank(right));
}
