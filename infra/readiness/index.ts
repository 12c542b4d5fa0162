import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

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
  /** @default 900, enough for a slow cloud and a slow mirror */
  readonly timeoutSeconds?: number;
}

/**
 * Stands between the servers and the platform: done as soon as the API and every node are ready. When they are not in time, it fails with
 * what it saw last and what to do about it. It looks again whenever a node comes or goes.
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
      environment: {
        UAP_KUBECONFIG: args.kubeconfig,
        UAP_NODES: nodes,
        UAP_TIMEOUT: String(args.timeoutSeconds ?? 900),
      },
      triggers: [nodes],
    },
    options,
  );
}
