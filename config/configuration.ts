import type { Path, Finding, Origin } from "./problems.ts";
import { ConfigurationError } from "./problems.ts";
import { runChecks } from "./checks/check.ts";
import { poolChecks } from "./checks/pools.ts";
import { rangeChecks } from "./checks/ranges.ts";
import { serviceChecks } from "./checks/services.ts";
import { acmeOf, clusterOf, dnsOf, domainOf, poolsOf, protectOf, systemsOfCluster } from "./defaults.ts";
import { complainAboutLabel } from "./names.ts";
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
import type { Wishes } from "./selection.ts";
import { selectSystems } from "./selection.ts";
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
  readonly platform: Platform<Rules>;
  /** Whether servers, volumes and DNS zones are protected from deletion. @default true, but false on an existing cluster */
  readonly protect: boolean;
}

/**
 * Checks a stack's configuration and completes it; pure.
 *
 * @param raw the keys of the project's namespace, unread
 * @param systems the catalogue of systems
 * @param origin where it comes from; without a stack's name `cluster.name` must be given
 * @throws ConfigurationError with every mistake at once
 */
export function parseConfiguration<const Rules extends SystemRules>(
  raw: RawConfiguration,
  systems: Rules,
  origin: Origin = {},
): Configuration<Rules> {
  const { sections, findings: misread, unsound } = readSections(raw);
  const selection = selectSystems(wishesOf(sections, unsound), systems);
  const checked = runChecks(checks, sections, unsound);
  const findings = [...misread, ...nameFindings(sections, origin), ...checked, ...selection.findings];
  if (findings.length > 0) throw new ConfigurationError(inOrder(findings), origin);

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
    platform: { preset, size, systems: selection.systems, skipped: selection.skipped },
    protect: protectOf(sections),
  };
}

const checks = [...poolChecks, ...rangeChecks, ...serviceChecks];

/** What is asked of the catalogue; where the platform or the pools cannot be read, as little as can be said. */
function wishesOf(sections: Sections, unsound: readonly Path[]): Wishes {
  const canRead = (...names: string[]) => !unsound.some(([name]) => names.includes(String(name)));
  const ofCluster = canRead("cluster", "pools") ? systemsOfCluster(sections) : [];
  if (!canRead("platform")) return { preset: "minimal", size: "small", systems: {}, ofCluster };
  return { ...sections.platform, ofCluster };
}

/** The cluster's name is the stack's, unless it is given; then it must be fit for hostnames too. */
function nameFindings({ cluster, given }: Sections, { stack }: Origin): Finding[] {
  const path = ["cluster", "name"];
  if (cluster.name !== undefined || given.has("cluster.name")) return [];
  if (stack === undefined) {
    return [{ path, reason: "is missing.", fix: "Give the cluster a name, a DNS label such as dev." }];
  }
  const complaint = complainAboutLabel(stack);
  if (complaint === undefined) return [];
  const { reason, suggestion } = complaint;
  const example = typeof suggestion === "string" ? `, such as \`name: ${suggestion}\`` : "";
  return [
    {
      path,
      value: stack,
      reason: `is taken from the stack's name, and ${reason}`,
      fix: `Give a name of its own${example}.`,
    },
  ];
}

/** By section, keys that are none first; within a section, in the order in which they were found. */
function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = ({ path }: Finding) => sectionNames.indexOf(String(path[0]));
  return findings.toSorted((left, right) => rank(left) - rank(right));
}
