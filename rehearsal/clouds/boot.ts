/**
 * What a machine would become that boots with some user-data: read as cloud-init, systemd and k3s read it, none of them trusting what
 * was meant.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { issuesText, parseYaml, Unbootable } from "./unbootable.ts";
import { writtenFiles } from "./written-files.ts";

/** What becomes of the machine. */
export type Boot =
  { readonly joins: true; readonly plan: BootPlan } | { readonly joins: false; readonly reason: string };

/** A node of k3s in the making. */
export interface BootPlan {
  readonly role: "server" | "agent";
  readonly nodeName: string;
  readonly labels: Readonly<Record<string, string>>;
  /** As `key=value:Effect`. */
  readonly taints: readonly string[];
  readonly token: JoinToken;
  /** The secret that lets agents join; servers only. */
  readonly agentToken: string | undefined;
  /** Names and addresses in the API server's certificate; servers only. */
  readonly tlsSans: readonly string[];
  /** Certificates and keys by their path below `server/tls`, such as `etcd/peer-ca.crt`; servers only. */
  readonly authorities: Readonly<Record<string, string>>;
  /** Hosts that are asked, one after the other, for a cluster to join. */
  readonly servers: readonly string[];
  /** Whether this server begins the cluster when none of them answers. */
  readonly begins: boolean;
  /** The range of the private network that the machine waits for; empty for none. */
  readonly privateCidr: string;
  /** All settings of k3s, by their names in its configuration. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A token in k3s' full format, `K10<hash>::<user>:<secret>`. */
export interface JoinToken {
  /** SHA-256 of the cluster's `server-ca.crt`, in hexadecimal digits. */
  readonly hash: string;
  readonly user: "server" | "node";
  readonly secret: string;
}

const configurationPath = "/etc/rancher/k3s/config.yaml";
const authoritiesPath = "/var/lib/rancher/k3s/server/tls/";

/** k3s makes authorities of its own when one of these is missing, and the kubeconfig then fits nothing. */
const requiredAuthorities = [
  "server-ca.crt",
  "server-ca.key",
  "client-ca.crt",
  "client-ca.key",
  "request-header-ca.crt",
  "request-header-ca.key",
  "etcd/peer-ca.crt",
  "etcd/peer-ca.key",
  "etcd/server-ca.crt",
  "etcd/server-ca.key",
  "service.key",
];

const cloudConfig = z.object({
  hostname: z.string().optional(),
  write_files: z.unknown().optional(),
  runcmd: z.array(z.union([z.string(), z.array(z.union([z.string(), z.number()]))])).default([]),
});

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]);

const k3sConfiguration = z.looseObject({
  "node-name": z.string().optional(),
  token: z.string({ error: "is missing: the node has nothing to prove that it belongs to the cluster" }),
  "agent-token": z.string().optional(),
  "tls-san": texts,
  "kubelet-arg": texts,
  "node-taint": texts,
});

/** Reads user-data. A machine that it makes no node of never joins, and the reason says why. */
export function bootOf(userData: string): Boot {
  try {
    return { joins: true, plan: planOf(userData) };
  } catch (error) {
    if (!(error instanceof Unbootable)) throw error;
    return { joins: false, reason: error.message };
  }
}

function planOf(userData: string): BootPlan {
  if (userData.trim() === "") throw new Unbootable("The server has no user-data.");
  // The first line decides: a space before it, and cloud-init takes the text for nothing it knows.
  if (!/^#cloud-config\s*\n/.test(userData)) {
    throw new Unbootable('cloud-init ignores user-data whose first line is not "#cloud-config".');
  }
  const parsed = cloudConfig.safeParse(parseYaml(userData, "The user-data"));
  if (!parsed.success) throw new Unbootable(`The user-data is not valid: ${issuesText(parsed.error)}.`);
  const { hostname, write_files, runcmd } = parsed.data;
  const files = writtenFiles(write_files);
  const script = startedScript(files, runcmd);
  const variables = shellVariables(script);
  const role = variables.command;
  if (role !== "server" && role !== "agent") {
    throw new Unbootable('The bootstrap script does not say whether k3s runs as "server" or as "agent".');
  }
  const settings = k3sSettings(files);
  const authorities = role === "server" ? authoritiesIn(files) : {};
  const token = tokenOf(settings.token, role, authorities["server-ca.crt"]);
  const nodeName = settings["node-name"] ?? hostname;
  if (nodeName === undefined)
    throw new Unbootable("The node has no name: neither node-name nor hostname is set.");
  return {
    role,
    nodeName,
    labels: labelsOf(settings["kubelet-arg"]),
    taints: settings["node-taint"],
    token,
    agentToken: settings["agent-token"],
    tlsSans: settings["tls-san"],
    authorities,
    servers: (variables.servers ?? "").split(/\s+/).filter((host) => host !== ""),
    begins: role === "server" && (variables.first === "yes" || variables.alone === "yes"),
    privateCidr: variables.private_cidr ?? "",
    settings,
  };
}

/** The text of the script that the last part of the boot starts: directly, or through a unit of systemd. */
function startedScript(
  files: ReadonlyMap<string, string>,
  commands: z.output<typeof cloudConfig>["runcmd"],
): string {
  const words = commands.flatMap((command) =>
    typeof command === "string" ? command.split(/\s+/) : command.map(String),
  );
  for (const word of words) {
    const unit = files.get(`/etc/systemd/system/${word}`);
    const path = unit === undefined ? word : /^ExecStart=(\S+)/m.exec(unit)?.[1];
    const script = files.get(path ?? "");
    if (script !== undefined) return script;
  }
  throw new Unbootable("Nothing starts k3s: runcmd starts no script or unit of write_files.");
}

/** The variables that a shell script sets at the beginnings of its lines, in single quotes. */
function shellVariables(script: string): Readonly<Record<string, string>> {
  const assignments = script.matchAll(/^([a-z_]+)='((?:[^']|'\\'')*)'$/gm);
  return Object.fromEntries(
    [...assignments].map(([, name = "", value = ""]) => [name, value.replaceAll(String.raw`'\''`, "'")]),
  );
}

function k3sSettings(files: ReadonlyMap<string, string>): z.output<typeof k3sConfiguration> {
  const text = files.get(configurationPath);
  if (text === undefined) throw new Unbootable(`write_files has no ${configurationPath}.`);
  const parsed = k3sConfiguration.safeParse(parseYaml(text, configurationPath));
  if (!parsed.success)
    throw new Unbootable(`${configurationPath} is not valid: ${issuesText(parsed.error)}.`);
  return parsed.data;
}

function authoritiesIn(files: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const found = [...files].filter(([path]) => path.startsWith(authoritiesPath));
  const authorities = Object.fromEntries(
    found.map(([path, text]) => [path.slice(authoritiesPath.length), text]),
  );
  const missing = requiredAuthorities.filter((name) => !(name in authorities));
  if (missing.length > 0) {
    throw new Unbootable(`The server lacks ${missing.join(", ")}: k3s would make authorities of its own.`);
  }
  const broken = requiredAuthorities.filter(
    (name) => !/^-----BEGIN [A-Z ]+-----\n/.test(authorities[name] ?? ""),
  );
  if (broken.length > 0) throw new Unbootable(`Not in PEM format: ${broken.join(", ")}.`);
  return authorities;
}

/** @param authority the machine's own `server-ca.crt`, which the token must fit. */
function tokenOf(text: string, role: BootPlan["role"], authority: string | undefined): JoinToken {
  const [, hash = "", user, secret = ""] = /^K10([0-9a-f]{64})::(server|node):(\S+)$/.exec(text) ?? [];
  if (user !== "server" && user !== "node") {
    throw new Unbootable("The token does not have k3s' full format K10<hash>::<user>:<secret>.");
  }
  if (role === "server" && user !== "server")
    throw new Unbootable("The token of an agent lets no server join.");
  if (authority !== undefined && createHash("sha256").update(authority).digest("hex") !== hash) {
    throw new Unbootable("The token is for another cluster: its hash is not that of server-ca.crt.");
  }
  return { hash, user, secret };
}

/** Those with which the kubelet registers; the last of its flags counts. */
function labelsOf(kubeletArguments: readonly string[]): Readonly<Record<string, string>> {
  const flag = "node-labels=";
  const text = kubeletArguments.findLast((argument) => argument.startsWith(flag))?.slice(flag.length) ?? "";
  const labels = text.split(",").filter((label) => label !== "");
  return Object.fromEntries(
    labels.map((label) => {
      const [key = "", ...value] = label.split("=");
      return [key, value.join("=")];
    }),
  );
}
