import type * as pulumi from "@pulumi/pulumi";
import type { CloudArgs, ServerNode } from "./cloud.ts";

/** The label or tag of a server that was asked to be created anew. */
export const replaceMark = "uap.dev/replace";

/** Whether the node's pool lists it under `replace`. */
export function isReplaced({ name, pool }: Pick<ServerNode, "name" | "pool">): boolean {
  return pool.replace.includes(name);
}

/**
 * Options of a server: an edit of the configuration never destroys one. What the cloud reads only when it creates the server is
 * ignored afterwards, and the server is protected where the stack says so.
 *
 * A node that its pool lists under `replace` is created anew, once and from the configuration of that moment: its server gets the mark, an
 * input that could be changed in place, and only while the node is listed does that change replace the server. While it stays
 * listed the mark stays too, so nothing happens; when it leaves the list the mark goes in place.
 *
 * @param creationOnly inputs whose change would replace the server: image, user-data, SSH keys …
 * @param mark path of the input that differs while the node is listed, see {@link replaceMark}
 */
export function serverOptions(
  parent: pulumi.Resource,
  { protect }: Pick<CloudArgs, "protect">,
  node: Pick<ServerNode, "name" | "pool">,
  creationOnly: readonly string[],
  mark = "tags",
): pulumi.CustomResourceOptions {
  return {
    parent,
    ignoreChanges: [...creationOnly],
    protect: protect && !isReplaced(node),
    ...(isReplaced(node) ? { replaceOnChanges: [mark] } : {}),
    // The old server gives its name and address free before the new one takes them.
    deleteBeforeReplace: true,
  };
}

/**
 * Options of a node's volume: it is protected where the stack says so, also while its server is created anew. A volume follows its node,
 * so the next server gets it with all that is on it.
 */
export function volumeOptions(
  parent: pulumi.Resource,
  { protect }: Pick<CloudArgs, "protect">,
): pulumi.CustomResourceOptions {
  // Two volumes of one name cannot be, nor two attachments of one volume.
  return { parent, protect, deleteBeforeReplace: true };
}

/**
 * Makes the servers one by one, so that those that are replaced wait for each other: a second one is taken away when the first
 * is there again.
 *
 * @param make makes one; where something holds on to the server until its node has left, such as a volume, it says the server's `id` as
 *   that tells it: what waits for the node then ends before that does
 */
export function makeServers<Node extends Pick<ServerNode, "name" | "pool">, Made>(
  nodes: readonly Node[],
  make: (
    node: Node,
    after: readonly pulumi.Resource[],
  ) => {
    readonly made: Made;
    readonly resource: pulumi.CustomResource;
    readonly id?: pulumi.Output<string> | undefined;
  },
): (Made & { readonly id: pulumi.Output<string> })[] {
  const replaced: pulumi.Resource[] = [];
  return nodes.map((node) => {
    const { made, resource, id = resource.id } = make(node, isReplaced(node) ? replaced.slice(-1) : []);
    if (isReplaced(node)) replaced.push(resource);
    return { ...made, id };
  });
}
