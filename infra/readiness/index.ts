import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { marksText, type NodeMarks } from "../node-marks.ts";

/**
 * From the project's folder, where Pulumi starts its plugins, or from the one that `UAP_PROJECT` names. Not an absolute path: it stands in
 * the state, and would differ from one checkout to the next.
 */
const program = 'node "${UAP_PROJECT:-.}/infra/readiness/main.ts"';

export interface ReadinessArgs {
  /** The way in for an administrator; secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Names of the nodes to wait for. */
  readonly nodes: readonly string[];
  /** How far the nodes must be: without a pod network they join, and are not ready. @default "ready" */
  readonly until?: "joined" | "ready";
  /** Whether k3s' own Traefik must be installed so far that its kinds are there; a Job does it, for which pods must run. @default false */
  readonly traefik?: boolean;
  /** Labels, taints and annotations that nodes get as soon as they have joined, by the nodes' names. @default none */
  readonly marks?: Readonly<Record<string, pulumi.Input<NodeMarks>>>;
  /**
   * What deletes the nodes' places in the cluster, see membership. They outlive what is deployed to the cluster; and when one is made anew, its
   * node is waited for again, and marked.
   *
   * @default none
   */
  readonly memberships?: readonly pulumi.CustomResource[];
  /** Names of those nodes that a person boots, once their files are written. @default none */
  readonly machines?: pulumi.Input<readonly string[]>;
  /** The DNS records that a person has to enter by hand, a line each. @default none */
  readonly records?: pulumi.Input<string>;
  /**
   * What the environment variable `UAP_READY_TIMEOUT` says at the time goes before it.
   *
   * @default 900, enough for a slow cloud and a slow mirror
   */
  readonly timeoutSeconds?: number;
}

/**
 * Stands between the servers and the platform: done as soon as the API and every node are ready. When they are not in time, it fails with
 * what it saw last and what to do about it. It looks again whenever a node comes, goes, is replaced or is to be marked otherwise, and is one
 * process for the whole cluster.
 */
export function waitUntilReady(
  name: string,
  args: ReadinessArgs,
  options: pulumi.CustomResourceOptions,
): command.local.Command {
  const nodes = [...args.nodes].sort().join(",");
  return new command.local.Command(
    name,
    {
      create: program,
      ...(args.marks && { stdin: pulumi.all(args.marks).apply(marksText) }),
      environment: {
        UAP_KUBECONFIG: pulumi.secret(args.kubeconfig),
        UAP_NODES: nodes,
        ...(args.until === "joined" && { UAP_UNTIL: args.until }),
        ...(args.traefik === true && { UAP_TRAEFIK: "true" }),
        UAP_MACHINES: pulumi.output(args.machines ?? []).apply((machines) => [...machines].sort().join(",")),
        UAP_RECORDS: args.records ?? "",
        UAP_STACK: pulumi.getStack(),
        UAP_TIMEOUT: String(args.timeoutSeconds ?? 900),
      },
      triggers: [nodes, ...(args.memberships ?? []).map(({ id }) => id)],
    },
    options,
  );
}
