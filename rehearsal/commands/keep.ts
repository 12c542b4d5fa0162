import { once } from "node:events";
import type { Session } from "../session/session.ts";

/** Leaves the embedded cluster running until Ctrl-C, and says how to reach it. */
export async function keepRunning({ options, cluster }: Session): Promise<void> {
  const { terminal, signal } = options;
  if (cluster.kind === "given" || cluster.kubeconfigPath === undefined || signal.aborted) return;
  terminal.print("\n  The cluster keeps running until you press Ctrl-C. In another terminal:\n");
  terminal.print(`    export KUBECONFIG=${cluster.kubeconfigPath}\n    kubectl get pods --all-namespaces`);
  // The connections to the cluster do not keep the process up by themselves.
  const keepAlive = setInterval(() => undefined, 60_000);
  try {
    await once(signal, "abort");
  } finally {
    clearInterval(keepAlive);
  }
}
