import type { Quantity } from "../../../config/quantities.ts";
import type { Budget, Size } from "../../../config/systems.ts";
import { addedContainer, addedWorkload } from "../../charts/added-workload.ts";
import { imageOf } from "../../charts/lock.ts";
import { chartBudget, sumOfBudgets, type Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** What each part may use. */
export type ZabbixResources = Readonly<Record<"server" | "web" | "database" | "agent", Resources>>;

const agent = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
} as const satisfies Resources;

/** A small Zabbix watches some hundred hosts; its makers ask for as much as the large one for some thousand. */
export const zabbixResources = {
  small: {
    server: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
    web: { requests: { cpu: "20m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
    database: { requests: { cpu: "50m", memory: "192Mi" }, limits: { cpu: "1", memory: "768Mi" } },
    agent,
  },
  medium: {
    server: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "2", memory: "1Gi" } },
    web: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
    database: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "2", memory: "2Gi" } },
    agent,
  },
  large: {
    server: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "4", memory: "4Gi" } },
    web: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "2", memory: "1Gi" } },
    database: { requests: { cpu: "500m", memory: "2Gi" }, limits: { cpu: "4", memory: "8Gi" } },
    agent,
  },
} as const satisfies Record<Size, ZabbixResources>;

/** What Zabbix's values make of its chart. */
export function zabbixRendering(size: Size): Rendering<"zabbix"> {
  const { agent, database, server, web } = zabbixResources[size];
  return {
    workloads: {
      "Deployment/zabbix-zabbix-server": { containers: { "zabbix-server": server, "zabbix-agent": agent } },
      "Deployment/zabbix-zabbix-web": { containers: { "zabbix-web": web } },
      "StatefulSet/zabbix-postgresql": { containers: { postgresql: database } },
      "Deployment/zabbix-zabbix-webservice": false,
      "CronJob/zabbix-nodesclean": false,
    },
    added: [
      addedWorkload({
        kind: "DaemonSet",
        name: "zabbix-zabbix-agent",
        containers: [
          addedContainer("zabbix-agent", imageOf("zabbix", "zabbix-agent2"), agent, [
            { name: "zabbix-agent", containerPort: 10050 },
          ]),
        ],
        hostNetwork: true,
      }),
    ],
  };
}

/** What Zabbix asks of the cluster. @param storage of the database */
export function zabbixBudget(size: Size, storage: Quantity): Budget {
  return sumOfBudgets(chartBudget("zabbix", zabbixRendering(size)), { cpu: "0", memory: "0Ki", storage });
}
