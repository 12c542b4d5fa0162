import type { StackPlace } from "../folders.ts";

/** A make command for this stack on this cluster, to copy. */
export function makeCommand({ context, kubeconfig, stack }: StackPlace, target: string): string {
  return [
    `make ${target}`,
    ...(stack === "local" ? [] : [`STACK=${stack}`]),
    ...(kubeconfig === undefined ? [] : [`KUBECONFIG=${kubeconfig}`]),
    ...(context === undefined ? [] : [`CONTEXT=${context}`]),
  ].join(" ");
}
