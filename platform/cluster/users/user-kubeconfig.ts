import { parse, stringify } from "yaml";

/** A cluster's entry in a kubeconfig: its address, and the authority that vouches for it. */
interface ClusterEntry {
  readonly name: string;
  readonly cluster: Readonly<Record<string, unknown>>;
}

interface Kubeconfig {
  readonly "current-context": string;
  readonly contexts: readonly { readonly name: string; readonly context: { readonly cluster: string } }[];
  readonly clusters: readonly ClusterEntry[];
}

/**
 * A kubeconfig for one user: address and authority of the administrator's, and the user's own token.
 *
 * @param administrator the administrator's kubeconfig, of whose current context the cluster is
 * @throws Error when the administrator's kubeconfig does not lead anywhere
 */
export function userKubeconfig(
  administrator: string,
  cluster: string,
  user: { readonly name: string; readonly token: string },
): string {
  const entry = currentCluster(parse(administrator) as Kubeconfig);
  const account = `${cluster}-${user.name}`;
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": account,
      contexts: [{ name: account, context: { cluster, user: account } }],
      clusters: [{ name: cluster, cluster: entry.cluster }],
      users: [{ name: account, user: { token: user.token } }],
    },
    { lineWidth: 0 },
  );
}

function currentCluster({ clusters, contexts, "current-context": current }: Kubeconfig): ClusterEntry {
  const context = contexts.find(({ name }) => name === current);
  const entry = clusters.find(({ name }) => name === context?.context.cluster);
  if (!entry) throw new Error(`The administrator's kubeconfig has no cluster for its context ${current}.`);
  return entry;
}
