import type { NodeSize } from "../../infra/sizing/fit.ts";
import { nodesOf } from "../../infra/sizing/nodes.ts";
import type { PlatformConfiguration } from "../layer.ts";

/** Nodes that pods may run on, as planned. */
export function openNodes(configuration: PlatformConfiguration): NodeSize[] {
  return nodesOf(configuration).filter(({ isTainted }) => isTainted !== true);
}
