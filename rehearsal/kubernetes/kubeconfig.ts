import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

import { messageOf, UserError } from "../errors.ts";

/** How to reach one Kubernetes API server and as whom: what one context of a kubeconfig file says. */
export interface Connection {
  /** The API server's address, for example `https://127.0.0.1:6443`, without a slash at its end. */
  readonly server: string;
  /** The certificates that the server's certificate is verified with, PEM. @default the system's own */
  readonly certificateAuthority?: string;
  /** True when the server's certificate is not to be verified. */
  readonly skipVerification: boolean;
  /** The name that the server's certificate is verified for. @default the server's host */
  readonly serverName?: string;
  /** The namespace that the context names. @default "default" */
  readonly namespace: string;
  readonly user: User;
}

/** Who asks. All of it is secret. */
export interface User {
  /** Client certificate, PEM. */
  readonly certificate?: string;
  /** Client key, PEM. */
  readonly key?: string;
  readonly token?: string;
  /** A file with a token that somebody else renews; it is read again every minute. */
  readonly tokenFile?: string;
  /** A command that prints credentials. */
  readonly exec?: ExecCommand;
}

/** An exec credential plugin, as `client.authentication.k8s.io` defines it. */
export interface ExecCommand {
  readonly apiVersion: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The plugin's own hint at how to install it. */
  readonly installHint?: string;
}

/** How a kubeconfig is read. */
export interface KubeconfigOptions {
  /** The context to use. @default the file's current context */
  readonly context?: string;
  /** The folder that relative paths in the file start from. @default the working directory */
  readonly folder?: string;
}

/**
 * Reads one context of a kubeconfig, YAML or JSON.
 *
 * @throws UserError when the text is no kubeconfig, or names what does not exist.
 */
export function parseKubeconfig(contents: string, options: KubeconfigOptions = {}): Connection {
  const config = parseDocument(contents);
  const name = options.context ?? text(config, "current-context") ?? onlyName(config, "contexts");
  if (name === undefined) {
    throw new UserError(
      "The kubeconfig has no current context: choose one with `kubectl config use-context <name>`.",
    );
  }
  const context = entry(config, "contexts", "context", name);
  const cluster = entry(config, "clusters", "cluster", text(context, "cluster") ?? "");
  const userName = text(context, "user");
  const user = userName === undefined ? {} : entry(config, "users", "user", userName);
  const folder = options.folder ?? process.cwd();

  const server = text(cluster, "server");
  if (server === undefined || !URL.canParse(server)) {
    throw new UserError(`The kubeconfig's context "${name}" has no valid server address: "${server ?? ""}".`);
  }
  return {
    server: server.replace(/\/+$/, ""),
    ...defined("certificateAuthority", dataOrFile(cluster, "certificate-authority", folder)),
    skipVerification: cluster["insecure-skip-tls-verify"] === true,
    ...defined("serverName", text(cluster, "tls-server-name")),
    namespace: text(context, "namespace") ?? "default",
    user: readUser(user, folder),
  };
}

/** What {@link formatKubeconfig} writes. */
export interface KubeconfigContents {
  /** Name of the cluster and of the context. */
  readonly name: string;
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  /** Client certificate, PEM. */
  readonly certificate: string;
  /** Client key, PEM. */
  readonly key: string;
}

/** Writes a kubeconfig with one cluster, one user and one context. */
export function formatKubeconfig(contents: KubeconfigContents): string {
  const { name, server } = contents;
  const base64 = (pem: string) => Buffer.from(pem).toString("base64");
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${name}
    cluster:
      server: ${server}
      certificate-authority-data: ${base64(contents.certificateAuthority)}
users:
  - name: ${name}
    user:
      client-certificate-data: ${base64(contents.certificate)}
      client-key-data: ${base64(contents.key)}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}
current-context: ${name}
`;
}

type Mapping = Readonly<Record<string, unknown>>;

function parseDocument(contents: string): Mapping {
  let document: unknown;
  try {
    document = parse(contents);
  } catch (error) {
    throw new UserError(`The kubeconfig is not valid YAML: ${messageOf(error)}`);
  }
  if (!isMapping(document) || !Array.isArray(document.clusters)) {
    throw new UserError(
      "This is no kubeconfig: it has no list of clusters. Give the contents of a file as kubectl reads it.",
    );
  }
  return document;
}

function readUser(user: Mapping, folder: string): User {
  if (user["auth-provider"] !== undefined) {
    throw new UserError(
      "The kubeconfig's user has an `auth-provider`, which Kubernetes removed in 1.26: use an `exec` plugin instead.",
    );
  }
  const tokenFile = text(user, "tokenFile");
  return {
    ...defined("certificate", dataOrFile(user, "client-certificate", folder)),
    ...defined("key", dataOrFile(user, "client-key", folder)),
    ...defined("token", text(user, "token")),
    ...defined("tokenFile", tokenFile === undefined ? undefined : path.resolve(folder, tokenFile)),
    ...defined("exec", isMapping(user.exec) ? readExec(user.exec) : undefined),
  };
}

function readExec(exec: Mapping): ExecCommand {
  const variables = Array.isArray(exec.env) ? exec.env.filter(isMapping) : [];
  return {
    apiVersion: text(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
    command: text(exec, "command") ?? "",
    arguments: Array.isArray(exec.args) ? exec.args.map(String) : [],
    environment: Object.fromEntries(
      variables.map((variable) => [text(variable, "name") ?? "", text(variable, "value") ?? ""]),
    ),
    ...defined("installHint", text(exec, "installHint")),
  };
}

/** A PEM text that stands in the file itself (`<key>-data`, base64) or beside it (`<key>`, a path). */
function dataOrFile(mapping: Mapping, key: string, folder: string): string | undefined {
  const data = text(mapping, `${key}-data`);
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  const file = text(mapping, key);
  if (file === undefined) return undefined;
  try {
    return readFileSync(path.resolve(folder, file), "utf8");
  } catch (error) {
    throw new UserError(`The kubeconfig's ${key} cannot be read: ${messageOf(error)}`);
  }
}

function entry(config: Mapping, list: string, key: string, name: string): Mapping {
  const entries = Array.isArray(config[list]) ? config[list].filter(isMapping) : [];
  const value = entries.find((candidate) => candidate.name === name)?.[key];
  if (isMapping(value)) return value;
  const known = entries.map((candidate) => String(candidate.name)).join(", ");
  throw new UserError(`The kubeconfig has no ${key} "${name}" (it has: ${known === "" ? "none" : known}).`);
}

function onlyName(config: Mapping, list: string): string | undefined {
  const entries = Array.isArray(config[list]) ? config[list].filter(isMapping) : [];
  return entries.length === 1 && entries[0] !== undefined ? text(entries[0], "name") : undefined;
}

function text(mapping: Mapping, key: string): string | undefined {
  const value = mapping[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `{ [key]: value }`, or nothing when the value is undefined. */
function defined<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}
