/**
 * The flags of k3s that the configuration files use, by the command that knows them. A server runs an agent too and knows the agent's flags.
 * From the CLI help at https://docs.k3s.io/cli/server and https://docs.k3s.io/cli/agent.
 */
export const k3sFlags = {
  agent: {
    "flannel-iface": "text",
    "kubelet-arg": "list",
    "node-external-ip": "list",
    "node-ip": "list",
    "node-name": "text",
    "node-taint": "list",
    "protect-kernel-defaults": "switch",
    server: "text",
    token: "text",
  },
  server: {
    "advertise-address": "text",
    "agent-token": "text",
    "cluster-cidr": "list",
    "cluster-init": "switch",
    disable: "list",
    "disable-cloud-controller": "switch",
    "etcd-s3": "switch",
    "etcd-s3-access-key": "text",
    "etcd-s3-bucket": "text",
    "etcd-s3-endpoint": "text",
    "etcd-s3-folder": "text",
    "etcd-s3-insecure": "switch",
    "etcd-s3-region": "text",
    "etcd-s3-secret-key": "text",
    "etcd-snapshot-compress": "switch",
    "etcd-snapshot-retention": "number",
    "etcd-snapshot-schedule-cron": "text",
    "flannel-backend": "text",
    "flannel-external-ip": "switch",
    "kube-apiserver-arg": "list",
    "secrets-encryption": "switch",
    "service-cidr": "list",
    "tls-san": "list",
    "write-kubeconfig-mode": "text",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FlagKind>>>>;

/** What a flag takes. */
export type FlagKind = "text" | "list" | "switch" | "number";

type ValueOf<Kind extends FlagKind> = {
  text: string;
  list: string | readonly string[];
  switch: boolean;
  number: number;
}[Kind];

type Settings<Flags extends Readonly<Record<string, FlagKind>>> = {
  readonly [Flag in keyof Flags]?: ValueOf<Flags[Flag]>;
};

/** The contents of a configuration file of `k3s agent`. */
export type AgentSettings = Settings<typeof k3sFlags.agent>;
/** The contents of a configuration file of `k3s server`. */
export type ServerSettings = AgentSettings & Settings<typeof k3sFlags.server>;

/** What k3s would refuse or ignore in a configuration file: unknown flags, and values of another kind. */
export function complainAboutSettings(
  command: "server" | "agent",
  settings: Readonly<Record<string, unknown>>,
): string[] {
  const known: Readonly<Record<string, FlagKind>> =
    command === "server" ? { ...k3sFlags.agent, ...k3sFlags.server } : k3sFlags.agent;
  return Object.entries(settings).flatMap(([flag, value]) => {
    const kind = known[flag];
    if (kind === undefined) return [`k3s ${command} has no flag --${flag}.`];
    return isOfKind(kind, value) ? [] : [`--${flag} takes a ${kind}, not ${JSON.stringify(value)}.`];
  });
}

function isOfKind(kind: FlagKind, value: unknown): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "list":
      return (
        typeof value === "string" ||
        (Array.isArray(value) && value.every((entry) => typeof entry === "string"))
      );
    case "switch":
      return typeof value === "boolean";
    case "number":
      return Number.isInteger(value);
    default:
      return kind satisfies never;
  }
}
