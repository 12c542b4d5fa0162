import type * as pulumi from "@pulumi/pulumi";
import type { Rendering } from "../../charts/rendering.ts";
import type { ChartValues } from "../../kit/chart.ts";
import type { Resources } from "../../kit/container.ts";
import { hardened } from "../../kit/security.ts";

/** On every node; what cannot be sent waits on disk. */
const fluentBitResources = {
  requests: { cpu: "20m", memory: "48Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
} as const satisfies Resources;

/** What Fluent Bit's values make of its chart. */
export const fluentBitRendering: Rendering<"fluent-bit"> = {
  workloads: { "DaemonSet/fluent-bit": { containers: { "fluent-bit": fluentBitResources } } },
};

/** Where logs go when they go somewhere. */
export interface LogStore {
  /** Elasticsearch's host inside the cluster. */
  readonly host: string;
  readonly port: number;
  /** The account that writes. */
  readonly account: string;
  /** The Secret with the account's password and the authority that vouches for the host. */
  readonly secret: string;
  /** Checksum of the Secret: pods start anew when it changes. */
  readonly checksum: string | pulumi.Output<string>;
}

/** Keys of the Secret of a {@link LogStore}. */
export const storeKeys = { password: "password", authority: "ca.crt" } as const;

/** Where the pods have that Secret, and the folder of the node in which they remember how far they have read. */
const folders = { store: "/fluent-bit/store", state: "/var/lib/fluent-bit" } as const;
const passwordVariable = "ELASTICSEARCH_PASSWORD";

/** Values of the chart `fluent-bit`. @param store where logs go; without one they end in each pod's own output */
export function fluentBitValues(store: LogStore | undefined): ChartValues {
  return {
    testFramework: { enabled: false },
    resources: fluentBitResources,
    securityContext: {
      // The runtime keeps logs for root only; of root's rights nothing else is left.
      runAsUser: 0,
      ...hardened,
      seccompProfile: { type: "RuntimeDefault" },
    },
    // Also on control planes and on nodes that are kept for some.
    tolerations: [{ operator: "Exists" }],
    config: fluentBitConfiguration(store),
    daemonSetVolumes: [
      { name: "logs", hostPath: { path: "/var/log" } },
      { name: "state", hostPath: { path: folders.state, type: "DirectoryOrCreate" } },
    ],
    daemonSetVolumeMounts: [
      { name: "logs", mountPath: "/var/log", readOnly: true },
      { name: "state", mountPath: folders.state },
    ],
    ...(store && {
      podAnnotations: { "uap.dev/checksum": store.checksum },
      env: [
        {
          name: passwordVariable,
          valueFrom: { secretKeyRef: { name: store.secret, key: storeKeys.password } },
        },
      ],
      extraVolumes: [{ name: "store", secret: { secretName: store.secret, defaultMode: 0o400 } }],
      extraVolumeMounts: [{ name: "store", mountPath: folders.store, readOnly: true }],
    }),
  };
}

/** Fluent Bit's configuration, by the chart's sections. */
export function fluentBitConfiguration(store: LogStore | undefined): {
  readonly service: string;
  readonly inputs: string;
  readonly filters: string;
  readonly outputs: string;
} {
  return {
    service: section("SERVICE", {
      Daemon: "Off",
      Flush: "5",
      Log_Level: "info",
      Parsers_File: "/fluent-bit/etc/parsers.conf",
      HTTP_Server: "On",
      HTTP_Listen: "0.0.0.0",
      HTTP_Port: "2020",
      Health_Check: "On",
      "storage.path": `${folders.state}/buffer`,
      // With a buffer on disk these bound its memory, and Mem_Buf_Limit does not: chunks of at most 2 MB, and what an earlier run left.
      "storage.max_chunks_up": "32",
      "storage.backlog.mem_limit": "16M",
    }),
    inputs: section("INPUT", {
      Name: "tail",
      Tag: "kube.*",
      Path: "/var/log/containers/*.log",
      // Its own logs tell of other logs: without a store it would read forever what it writes.
      Exclude_Path: "/var/log/containers/fluent-bit-*",
      "multiline.parser": "docker, cri",
      DB: `${folders.state}/containers.db`,
      Skip_Long_Lines: "On",
      "storage.type": "filesystem",
    }),
    filters: section("FILTER", {
      Name: "kubernetes",
      Match: "kube.*",
      Merge_Log: "On",
      Keep_Log: "Off",
      "K8S-Logging.Parser": "On",
      "K8S-Logging.Exclude": "On",
    }),
    outputs: section("OUTPUT", store ? elasticsearchOutput(store) : standardOutput),
  };
}

const standardOutput = { Name: "stdout", Match: "kube.*", Format: "json_lines" } as const;

function elasticsearchOutput({ account, host, port }: LogStore): Readonly<Record<string, string>> {
  return {
    Name: "es",
    Match: "kube.*",
    Host: host,
    Port: String(port),
    HTTP_User: account,
    HTTP_Passwd: `\${${passwordVariable}}`,
    tls: "On",
    "tls.ca_file": `${folders.store}/${storeKeys.authority}`,
    // One index a day: `kubernetes-2026.01.31`.
    Logstash_Format: "On",
    Logstash_Prefix: "kubernetes",
    Suppress_Type_Name: "On",
    Replace_Dots: "On",
    Retry_Limit: "no_limits",
    "storage.total_limit_size": "512M",
  };
}

/** A section in the classic format: aligned, since people read it in the ConfigMap. */
function section(name: string, settings: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(settings).map((key) => key.length));
  const lines = Object.entries(settings).map(([key, value]) => `    ${key.padEnd(width)} ${value}`);
  return [`[${name}]`, ...lines, ""].join("\n");
}
