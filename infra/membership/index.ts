import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/**
 * From the project's folder or the one that `UAP_PROJECT` names, as in readiness. It succeeds even when the program has moved since the node
 * was made: a server that cannot be deleted is worse than pods that were not moved.
 */
const program =
  'node "${UAP_PROJECT:-.}/infra/membership/leave.ts" || echo "The node was not taken out of its cluster."';

export interface NodeMembershipArgs {
  /** The node's name. */
  readonly node: string;
  /** The way in for an administrator; secret. A renewed certificate is noted, and nothing runs for it. */
  readonly kubeconfig: pulumi.Input<string>;
  /** The id of the node's server: another server under the same name is another member. @default none, for machines of one's own */
  readonly server?: pulumi.Input<string>;
  /** Whether it is a machine of one's own, whose files for booting go when it leaves. @default false */
  readonly hasSeed?: boolean;
  /** How long pods have to move, in seconds; afterwards the node goes without. @default 300 */
  readonly drainSeconds?: number;
}

/**
 * A node's place in its cluster. Nothing happens when it is made: a node joins by itself. When it is deleted, the node's pods move elsewhere
 * and its Node object goes. It depends on the node's server by `server`, so all of that is done before the server is deleted or
 * replaced. Hand it to the wait for the cluster: what is deployed depends on that, so nothing is left to move when the whole cluster goes.
 */
export function nodeMembership(
  name: string,
  args: NodeMembershipArgs,
  options: pulumi.CustomResourceOptions,
): command.local.Command {
  return new command.local.Command(
    name,
    {
      delete: program,
      environment: {
        UAP_KUBECONFIG: pulumi.secret(args.kubeconfig),
        UAP_NODE: args.node,
        ...(args.hasSeed === true && { UAP_SEED_STACK: pulumi.getStack() }),
        UAP_DRAIN_SECONDS: String(args.drainSeconds ?? 300),
      },
      triggers: args.server === undefined ? [] : [args.server],
    },
    // The other way round, it would take away the node that has just joined.
    { ...options, deleteBeforeReplace: true },
  );
}
