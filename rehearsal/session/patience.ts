/** How long to wait on simulated machines, in seconds. What the environment says goes before it. */
export function simulatedPatience(): Readonly<Record<string, string>> {
  return {
    // Machines boot at once: what is not ready by then will not be.
    UAP_READY_TIMEOUT: process.env.UAP_READY_TIMEOUT ?? "30",
    // Pods start at once, and a busy computer is slow: a workload that takes longer waits for what will not come.
    UAP_WORKLOAD_TIMEOUT: process.env.UAP_WORKLOAD_TIMEOUT ?? "120",
  };
}
