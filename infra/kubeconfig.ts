import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { closest } from "fastest-levenshtein";
import { parse, stringify } from "yaml";
import { z } from "zod";

const fileSchema = z.object({
  "current-context": z.string().default(""),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string().optional() }) }),
  ),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.looseObject({
        server: z.string(),
        "certificate-authority": z.string().optional(),
        "certificate-authority-data": z.string().optional(),
      }),
    }),
  ),
  users: z.array(z.object({ name: z.string(), user: z.looseObject({}) })).default([]),
});

type KubeconfigFile = z.output<typeof fileSchema>;

/** One way into one cluster, cut out of a kubeconfig file. */
export interface SelectedKubeconfig {
  /** A kubeconfig with this context alone and no reference to other files. */
  readonly contents: string;
  readonly context: string;
  readonly server: string;
  /** Tells clusters apart, whatever address they answer on: from the certificate authority, else from the server's address. */
  readonly identity: string;
}

/** Fields that name a file, and the field that holds its contents. */
const fileFields: ReadonlyMap<string, string> = new Map([
  ["certificate-authority", "certificate-authority-data"],
  ["client-certificate", "client-certificate-data"],
  ["client-key", "client-key-data"],
]);

/** The kubeconfig file that command-line tools would use: the first of `KUBECONFIG`, else `~/.kube/config`. */
export function kubeconfigPath(environment: NodeJS.ProcessEnv = process.env): string {
  const [first] = (environment.KUBECONFIG ?? "").split(":").filter((path) => path !== "");
  return first ?? join(homedir(), ".kube", "config");
}

/**
 * Reads a kubeconfig file and keeps one context of it, so that the state holds the way into this cluster and into no other.
 *
 * @param context the context's name. @default the file's current context
 * @throws RunError when the file is missing or malformed, or has no such context.
 */
export function readKubeconfig(path: string, context?: string): SelectedKubeconfig {
  return selectContext(parseKubeconfig(readText(path), path), path, context);
}

/** The identity of the cluster that a kubeconfig's text leads to, see {@link SelectedKubeconfig}. */
export function clusterIdentity(contents: string): string {
  return selectContext(parseKubeconfig(contents, "The kubeconfig"), "The kubeconfig").identity;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new RunError(
      `The stack uses a cluster that exists already, but its kubeconfig ${path} cannot be read ` +
        `(${error instanceof Error ? error.message : String(error)}). Set KUBECONFIG to the right file, ` +
        "or run `make up`, which brings a cluster of its own.",
    );
  }
}

function parseKubeconfig(text: string, path: string): KubeconfigFile {
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw new RunError(`${path} is not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = fileSchema.safeParse(document);
  if (!result.success) {
    throw new RunError(`${path} is not a kubeconfig file:\n${z.prettifyError(result.error)}`);
  }
  return result.data;
}

/** The pure half of {@link readKubeconfig}, but for the certificate files that an entry may name. */
function selectContext(file: KubeconfigFile, path: string, wanted?: string): SelectedKubeconfig {
  const name = wanted ?? file["current-context"];
  const context = file.contexts.find((entry) => entry.name === name);
  if (!context) throw new RunError(unknownContext(name, file, path));
  const cluster = file.clusters.find((entry) => entry.name === context.context.cluster);
  if (!cluster)
    throw new RunError(
      `${path}: context "${name}" names the cluster "${context.context.cluster}", which the file lacks.`,
    );
  const user = file.users.find((entry) => entry.name === context.context.user);
  const folder = dirname(path);
  const clusterFields = inlineFiles(cluster.cluster, folder);
  return {
    contents: stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      contexts: [context],
      clusters: [{ name: cluster.name, cluster: clusterFields }],
      users: user ? [{ name: user.name, user: inlineFiles(user.user, folder) }] : [],
    }),
    context: name,
    server: cluster.cluster.server,
    identity: identityOf(clusterFields["certificate-authority-data"], cluster.cluster.server),
  };
}

function unknownContext(name: string, file: KubeconfigFile, path: string): string {
  const names = file.contexts.map((entry) => entry.name);
  if (names.length === 0) return `${path} has no contexts, so there is no cluster to deploy to.`;
  if (name === "") return `${path} has no current context. Choose one of: ${names.join(", ")}.`;
  return `${path} has no context "${name}". Did you mean "${closest(name, names)}"? It has: ${names.join(", ")}.`;
}

/** Replaces references to files by their contents: the state is used on other machines too. */
function inlineFiles(entry: Readonly<Record<string, unknown>>, folder: string): Record<string, unknown> {
  const inlined = Object.entries(entry).map(([field, value]): [string, unknown] => {
    const data = fileFields.get(field);
    if (data === undefined || typeof value !== "string") return [field, value];
    return [data, Buffer.from(readText(resolve(folder, value)), "utf8").toString("base64")];
  });
  return Object.fromEntries(inlined);
}

function identityOf(authority: unknown, server: string): string {
  const source = typeof authority === "string" ? authority : server;
  return createHash("sha256").update(source).digest("hex").slice(0, 16);
}
