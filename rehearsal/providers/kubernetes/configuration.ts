/** The provider's own configuration: which cluster, and how to treat it. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { parse, stringify } from "yaml";

import { messageOf, UserError } from "../../errors.ts";
import { parseKubeconfig } from "../../kubernetes/kubeconfig.ts";
import { containsUnknown, unknownValue, type Properties } from "../protocol/provider.ts";
import { isMapping, listAt, textAt } from "./values.ts";

export interface Configuration {
  /** The context of the kubeconfig. @default its current context */
  readonly context?: string;
  /** Namespace of objects that name none. @default the context's */
  readonly namespace?: string;
  /** Take over fields that other managers own. @default false */
  readonly enablePatchForce: boolean;
  /** Change a ConfigMap's data in place, instead of replacing the ConfigMap. @default false */
  readonly enableConfigMapMutable: boolean;
  /** Change a Secret's data in place, instead of replacing the Secret. @default false */
  readonly enableSecretMutable: boolean;
  /** Take over objects that exist already, instead of refusing to create them. @default false */
  readonly upsertExistingObjects: boolean;
  /** Forget the objects of a cluster that cannot be reached when they are deleted or refreshed. @default false */
  readonly deleteUnreachable: boolean;
  /** Leave the objects of a cluster that cannot be reached as they are. @default false */
  readonly skipUpdateUnreachable: boolean;
}

/** A kubeconfig's text, and the folder that relative paths in it start from. */
export interface Kubeconfig {
  readonly contents: string;
  readonly folder: string;
}

/** What the stand-in cannot do, with what to do instead. */
const unsupported: Readonly<Record<string, string>> = {
  renderYamlToDirectory:
    "The stand-in provider does not render manifests to a folder: install the official plugin for that.",
  alwaysRender:
    "The stand-in provider does not render manifests to a folder: install the official plugin for that.",
};

/** Why a configuration cannot be accepted, by property. */
export function configurationProblems(config: Properties): readonly { property: string; reason: string }[] {
  const problems = Object.entries(unsupported)
    .filter(([property]) => !["", "false", undefined].includes(setting(config, property)))
    .map(([property, reason]) => ({ property, reason }));
  if (setting(config, "enableServerSideApply") === "false") {
    const reason =
      "The stand-in provider always applies on the server: remove the option, or install the official plugin.";
    problems.push({ property: "enableServerSideApply", reason });
  }
  return problems;
}

/** Reads the provider's configuration. What is not in it comes from the environment, as with the official provider. */
export function readConfiguration(config: Properties): Configuration {
  const flag = (property: string, variable: string): boolean =>
    (setting(config, property) ?? process.env[variable]) === "true";
  const context = setting(config, "context");
  const namespace = setting(config, "namespace");
  return {
    ...(context === undefined ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace }),
    enablePatchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    enableConfigMapMutable: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    enableSecretMutable: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    upsertExistingObjects: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
  };
}

/**
 * The changed properties that mean another cluster, so that every object must be made anew there: a new cluster identifier
 * when both configurations name one; else a new server address. Renewed certificates and tokens are the same cluster.
 */
export function clusterChange(olds: Properties, news: Properties): readonly string[] {
  const [oldIdentifier, newIdentifier] = [olds, news].map((config) => setting(config, "clusterIdentifier"));
  if (oldIdentifier !== undefined && newIdentifier !== undefined) {
    return oldIdentifier === newIdentifier ? [] : ["clusterIdentifier"];
  }
  const changed = ["kubeconfig", "context", "cluster"].filter(
    (property) => olds[property] !== news[property],
  );
  // Whether a value that is not known yet is the old one, nobody can tell: the official provider prepares for the worst.
  const unknown = changed.filter((property) => containsUnknown(news[property]));
  if (unknown.length > 0) return unknown;
  const [oldServer, newServer] = [olds, news].map(serverOf);
  const same = oldServer === undefined || newServer === undefined || oldServer === newServer;
  return same ? [] : changed;
}

function serverOf(config: Properties): string | undefined {
  try {
    const kubeconfig = readKubeconfig(config);
    if (kubeconfig === "unknown") return undefined;
    const context = setting(config, "context");
    return parseKubeconfig(kubeconfig.contents, context === undefined ? {} : { context }).server;
  } catch {
    // A kubeconfig that has become useless says nothing about which cluster it meant.
    return undefined;
  }
}

/** A setting as text. The SDK sends everything that is no text as JSON. */
function setting(config: Properties, property: string): string | undefined {
  const value = config[property];
  if (value === undefined || value === null || value === "" || value === unknownValue) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Finds the kubeconfig: in the provider's configuration, as contents or as a path, else where kubectl finds it.
 *
 * @returns `"unknown"` in the preview of a cluster that does not exist yet.
 * @throws UserError when there is none, or it cannot be read.
 */
export function readKubeconfig(config: Properties): Kubeconfig | "unknown" {
  const given = config.kubeconfig;
  if (containsUnknown([given, config.context, config.cluster])) return "unknown";
  const kubeconfig = isMapping(given)
    ? inWorkingFolder(JSON.stringify(given))
    : readText(setting(config, "kubeconfig"));
  const cluster = setting(config, "cluster");
  return cluster === undefined ? kubeconfig : withCluster(kubeconfig, cluster, setting(config, "context"));
}

/** The kubeconfig's contents, given as such, as a path, or not at all. */
function readText(given: string | undefined): Kubeconfig {
  if (given?.includes("\n") === true || given?.trimStart().startsWith("{") === true)
    return inWorkingFolder(given);
  const paths = (given ?? process.env.KUBECONFIG ?? path.join(homedir(), ".kube", "config"))
    .split(path.delimiter)
    .filter((file) => file !== "");
  const failures: string[] = [];
  for (const file of paths) {
    try {
      const absolute = path.resolve(file.replace(/^~(?=\/)/, homedir()));
      return { contents: readFileSync(absolute, "utf8"), folder: path.dirname(absolute) };
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  throw new UserError(
    `There is no kubeconfig to reach a cluster with (${failures.join("; ")}). ` +
      "Give the provider a `kubeconfig`, or set KUBECONFIG to the path of one.",
  );
}

function inWorkingFolder(contents: string): Kubeconfig {
  return { contents, folder: process.cwd() };
}

/** The kubeconfig with its context pointed at another of its clusters. */
function withCluster(kubeconfig: Kubeconfig, cluster: string, context: string | undefined): Kubeconfig {
  const document: unknown = parse(kubeconfig.contents);
  if (!isMapping(document)) return kubeconfig;
  const chosen = context ?? textAt(document, "current-context");
  const contexts = listAt(document, "contexts").map((entry) =>
    entry.name === chosen && isMapping(entry.context)
      ? { ...entry, context: { ...entry.context, cluster } }
      : entry,
  );
  return { ...kubeconfig, contents: stringify({ ...document, contexts }) };
}
