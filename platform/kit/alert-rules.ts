import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../config/quantities.ts";
import type { ChartSystem } from "./chart-system.ts";
import { customResource } from "./custom-resource.ts";
import type { ObjectMetadata } from "./system.ts";

/** Something that people shall hear of. */
export interface Alert {
  /** In camel case, as Prometheus' own are: `BackupFailed`. */
  readonly name: string;
  /** PromQL: each series that it gives is an alert. */
  readonly expression: string;
  /** How long it must have been so. @default "0m": at once */
  readonly for?: Duration;
  /** `critical` wants somebody now, `warning` in the next days. */
  readonly severity: "warning" | "critical";
  /** What is wrong, in one sentence; `{{ $labels.name }}` stands for a label's value. */
  readonly summary: string;
}

export interface AlertRulesArgs {
  /** The system `monitoring`: its Prometheus judges. */
  readonly monitoring: Pick<ChartSystem, "charts">;
  /** Metadata of the rules, in the namespace of what they are about. */
  readonly metadata: ObjectMetadata;
  readonly alerts: readonly Alert[];
}

/** The fields of a `PrometheusRule` that the platform sets. */
interface PrometheusRuleSpec {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: Duration;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Has Prometheus judge a system's metrics, and Alertmanager tell people. Made only where the system `monitoring` is on. */
export function alertRules(
  name: string,
  { alerts, metadata, monitoring }: AlertRulesArgs,
  options: { readonly parent: pulumi.Resource },
): void {
  customResource<PrometheusRuleSpec>(
    name,
    {
      kind: "monitoring.coreos.com/v1/PrometheusRule",
      metadata,
      spec: { groups: [{ name: metadata.name, rules: alerts.map(ruleOf) }] },
    },
    { ...options, dependsOn: [...monitoring.charts] },
  );
}

function ruleOf({ expression, for: period = "0m", name, severity, summary }: Alert): Rule {
  return { alert: name, expr: expression, for: period, labels: { severity }, annotations: { summary } };
}
