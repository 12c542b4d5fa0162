import type { Alert } from "../../kit/alert-rules.ts";
import type { Dashboard } from "../../kit/dashboard.ts";
import { metricsPrefix } from "./files.ts";

/** What the servers measure of themselves. */
function metric(name: string): string {
  return `${metricsPrefix}_${name}{namespace="openbao"}`;
}

export const openbaoDashboard: Dashboard = {
  title: "OpenBao",
  panels: [
    {
      title: "Active server unsealed",
      unit: "short",
      queries: { servers: `sum(${metric("core_unsealed")})` },
    },
    {
      title: "Requests",
      unit: "reqps",
      queries: { requests: `sum(rate(${metric("core_handle_request_count")}[5m]))` },
    },
    { title: "Leases", unit: "short", queries: { leases: `sum(${metric("expire_num_leases")})` } },
    {
      title: "Heap in use",
      unit: "bytes",
      queries: { "{{pod}}": `sum by (pod) (${metric("runtime_alloc_bytes")})` },
    },
  ],
};

export const openbaoAlerts: readonly Alert[] = [
  {
    name: "OpenBaoUnavailable",
    // Only a server that leads is asked: without one there is no figure at all.
    expression: `absent(${metric("core_unsealed")} == 1)`,
    for: "5m",
    severity: "critical",
    summary: "OpenBao has no active, unsealed server: nobody can read secrets.",
  },
];
