import type { Obstacle } from "./obstacle.ts";
import { traefikJob } from "./traefik.ts";

/** An obstacle as a person is told of it. */
export interface Explanation {
  /** What is seen: one line that begins in the middle of a sentence. */
  readonly seen: string;
  /** What it may mean and what to do about it, a line each. */
  readonly advice: readonly string[];
}

/** What a person may have to do by hand in this cluster. */
export interface Handwork {
  /** Nodes on machines of one's own. */
  readonly machines: readonly string[];
  /** The folder with the files of those machines. */
  readonly seeds: string;
  /** DNS records to enter, a line each; empty where a provider keeps them. */
  readonly records: readonly string[];
}

/** Where a node tells how far its bootstrap is. */
const log = "/var/log/uap-bootstrap.log";
const bootstrapLog =
  `A node's bootstrap writes what it does to ${log} on its machine. When it fails it begins anew ` +
  "after a minute, at once by `sudo systemctl restart uap-bootstrap`.";

/** Says what stands in the way, and what to do about it. @param namesShown the most names of nodes of a kind */
export function explain(obstacle: Obstacle, handwork: Handwork, namesShown = Infinity): Explanation {
  switch (obstacle.kind) {
    case "name":
      return {
        seen: `the name ${obstacle.host} does not resolve yet.`,
        advice:
          handwork.records.length > 0
            ? ["Enter these DNS records by hand:", ...handwork.records.map((record) => `  ${record}`)]
            : ["Is the domain's zone delegated to the DNS provider of uap:dns?"],
      };
    case "port":
      return {
        seen: `${obstacle.host} refuses connections on port ${obstacle.port}: the server is up and k3s is not (yet).`,
        advice: [bootstrapLog],
      };
    case "silence":
      return {
        seen: `${obstacle.host} does not answer on port ${obstacle.port}: the server is still booting, or a firewall drops the connection.`,
        advice: ["Is your own address in uap:access.operatorCidrs?"],
      };
    case "certificate":
      return {
        seen: `${obstacle.host} shows a certificate that this cluster's authority did not sign (${obstacle.detail}).`,
        advice: [
          "The name leads to another machine, or the server kept the keys of an earlier cluster. Replace that node.",
        ],
      };
    case "refusal":
      return {
        seen: `the API server answers ${obstacle.status} to the administrator's certificate.`,
        advice: ["It runs with the keys of another cluster. Replace its nodes."],
      };
    case "starting":
      return { seen: `the API server is starting: ${obstacle.detail}.`, advice: [] };
    case "nodes":
      return explainNodes(obstacle, handwork, namesShown);
    case "marks":
      return {
        seen: `labels, taints and annotations of ${obstacle.node} cannot be written: ${obstacle.detail}.`,
        advice: ["Those of the configuration are in its pool in uap:pools."],
      };
    case "traefik": {
      const { name, namespace } = traefikJob;
      return {
        seen: `k3s has not installed the kinds of its Traefik yet: ${obstacle.detail}.`,
        advice: [
          `What that Job says: kubectl --namespace ${namespace} logs job/${name}`,
          "What keeps it from starting: kubectl --namespace kube-system get events",
        ],
      };
    }
    case "other":
      return { seen: `${obstacle.detail}.`, advice: [] };
    default:
      return obstacle satisfies never;
  }
}

function explainNodes(
  { missing, unready }: Extract<Obstacle, { kind: "nodes" }>,
  { machines, seeds }: Handwork,
  namesShown: number,
): Explanation {
  const toBoot = missing.filter((name) => machines.includes(name));
  const states = [
    ...(missing.length > 0 ? [`these nodes have not joined: ${listed(missing, namesShown)}`] : []),
    ...(unready.length > 0 ? [`these nodes are not ready: ${listed(unready, namesShown)}`] : []),
  ];
  return {
    seen: `${states.join("; ")}.`,
    advice: [
      ...(toBoot.length > 0
        ? [`Boot ${listed(toBoot, namesShown)} from the files in ${seeds}, a folder for each machine.`]
        : []),
      ...(toBoot.length < missing.length + unready.length ? [bootstrapLog] : []),
    ],
  };
}

function listed(names: readonly string[], atMost: number): string {
  const rest = names.length - atMost;
  return names.slice(0, atMost).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
