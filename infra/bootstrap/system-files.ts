import type { ClusterNode } from "../cluster-node.ts";
import { nodePaths, serviceOf } from "./node-bootstrap.ts";

/** A file of a node. */
export interface NodeFile {
  readonly path: string;
  /** Octal, as chmod takes it. */
  readonly permissions: "0600" | "0644" | "0700";
  readonly contents: string;
}

/**
 * Kernel settings. Elasticsearch wants the memory maps, a node full of pods the inotify watches; the rest is what the kubelet and pod
 * networks expect (`protect-kernel-defaults`; https://docs.k3s.io/security/hardening-guide).
 */
const sysctls = {
  "vm.max_map_count": 262_144,
  "fs.inotify.max_user_instances": 8192,
  "fs.inotify.max_user_watches": 524_288,
  "net.ipv4.ip_forward": 1,
  "net.bridge.bridge-nf-call-iptables": 1,
  "vm.overcommit_memory": 1,
  "vm.panic_on_oom": 0,
  "kernel.panic": 10,
  "kernel.panic_on_oops": 1,
  "kernel.keys.root_maxbytes": 25_000_000,
  "kernel.keys.root_maxkeys": 1_000_000,
};

/** For pod networks, WireGuard, and Ceph's and other network block devices. */
const kernelModules = ["br_netfilter", "overlay", "wireguard", "rbd", "nbd"];

/** The addresses where clouds tell a server about itself, user-data included: the usual ones, Scaleway's, and Linode's. */
const metadataAddresses = {
  ip: ["169.254.169.254", "169.254.42.42"],
  ip6: ["fd00:ec2::254", "fd00:42::42", "fd00:a9fe:a9fe::1"],
};

/**
 * The files that every node of a role has in common.
 *
 * @param dataFolder where a data disk is mounted: k3s does not start without it
 */
export function systemFiles(
  { role, pool }: Pick<ClusterNode, "role" | "pool">,
  dataFolder?: string,
): NodeFile[] {
  return [
    file(
      "/etc/sysctl.d/90-uap.conf",
      Object.entries(sysctls).map(([key, value]) => `${key} = ${value}`),
    ),
    file("/etc/modules-load.d/uap.conf", kernelModules),
    file("/etc/systemd/system/uap-bootstrap.service", bootstrapUnit),
    file(`/etc/systemd/system/${serviceOf(role).unit}.service`, k3sUnit(serviceOf(role).command, dataFolder)),
    // At home there is no such address, and nothing to hide behind it.
    ...(pool.cloud === "on-prem" ? [] : metadataGuard()),
  ];
}

/** Runs at every boot, and again a minute after it failed: what a machine waits for may come at any time. */
const bootstrapUnit = [
  "[Unit]",
  "Description=Makes this machine a node of its cluster",
  "Wants=network-online.target",
  "After=network-online.target",
  "StartLimitIntervalSec=0",
  "[Service]",
  "Type=oneshot",
  `ExecStart=${nodePaths.script}`,
  "Restart=on-failure",
  "RestartSec=60",
  "[Install]",
  "WantedBy=multi-user.target",
];

/** As k3s' installer has it: the containers outlive a restart of k3s. */
function k3sUnit(command: "server" | "agent", dataFolder: string | undefined): string[] {
  return [
    "[Unit]",
    "Description=Kubernetes (k3s)",
    "Wants=network-online.target",
    "After=network-online.target",
    ...(dataFolder === undefined ? [] : [`RequiresMountsFor=${dataFolder}`]),
    "[Service]",
    "Type=notify",
    `ExecStart=/usr/local/bin/k3s ${command}`,
    "KillMode=process",
    "Delegate=yes",
    "LimitNOFILE=1048576",
    "LimitNPROC=infinity",
    "LimitCORE=infinity",
    "TasksMax=infinity",
    "TimeoutStartSec=0",
    "Restart=always",
    "RestartSec=5s",
    "[Install]",
    "WantedBy=multi-user.target",
  ];
}

/**
 * Closes the metadata services to pods: what they send is forwarded and passes the prerouting hook, which the node's own packets do
 * not. A table of its own, before all others, is out of reach of kube-proxy and network policies. All of them listen at port 80; at
 * Scaleway the same address answers DNS too, which stays open.
 */
function metadataGuard(): NodeFile[] {
  const drop = (family: "ip" | "ip6") =>
    `    ${family} daddr { ${metadataAddresses[family].join(", ")} } tcp dport 80 drop`;
  return [
    file("/etc/uap/metadata-guard.nft", [
      "add table inet uap_metadata_guard",
      "delete table inet uap_metadata_guard",
      "table inet uap_metadata_guard {",
      "  chain prerouting {",
      "    type filter hook prerouting priority raw; policy accept;",
      drop("ip"),
      drop("ip6"),
      "  }",
      "}",
    ]),
    file("/etc/systemd/system/uap-metadata-guard.service", [
      "[Unit]",
      "Description=Closes the cloud's metadata address to pods",
      "Before=k3s.service k3s-agent.service",
      "[Service]",
      "Type=oneshot",
      "RemainAfterExit=yes",
      "ExecStart=/usr/sbin/nft -f /etc/uap/metadata-guard.nft",
      "[Install]",
      "WantedBy=multi-user.target",
    ]),
  ];
}

function file(path: string, lines: readonly string[]): NodeFile {
  return { path, permissions: "0644", contents: `${lines.join("\n")}\n` };
}
