import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../../config/systems.ts";
import type { ChartValues } from "../../kit/chart.ts";
import { databaseImage, databaseKeys, databaseUser, seedingPod, type Seeding } from "./administrator.ts";
import { zabbixResources } from "./rendering.ts";
import { nonRoot, unprivileged } from "../../kit/security.ts";

/** The pods' ports. */
export const zabbixPorts = { server: 10051, agent: 10050, web: 8080, database: 5432 } as const;

/** The chart's Services. */
export const zabbixServices = { server: "zabbix-zabbix-server", database: "zabbix-postgresql" } as const;

/** The Service of the pages, and its port's name. */
export const zabbixWeb = { name: "zabbix-zabbix-web", port: "zabbix-web" } as const;

export interface ZabbixSettings {
  readonly size: Size;
  /** The claim of the database's volume. */
  readonly claim: string;
  readonly seeding: Seeding;
  /** Of what the pages' pods read at start. */
  readonly checksum: pulumi.Output<string> | string;
}

/** The user of Zabbix's images. */
const user = 1997;

const contained = { ...unprivileged, runAsNonRoot: true };

/** What every pod has in common. @param owner user of the pod's processes */
function podSpecs(owner: number): ChartValues {
  return {
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: owner, seccompProfile: { type: "RuntimeDefault" } },
  };
}

/**
 * Values of the chart `zabbix`: server, pages, agents and a database of its own. Without the web service, which only turns pages into
 * files for mail, and without what tidies up after servers of a highly available Zabbix.
 */
export function zabbixValues({ checksum, claim, seeding, size }: ZabbixSettings): ChartValues {
  const resources = zabbixResources[size];
  const { container, volumes } = seedingPod(seeding);
  return {
    postgresAccess: {
      existingSecretName: seeding.database,
      secretUserKey: databaseKeys.user,
      secretPasswordKey: databaseKeys.password,
      secretDBKey: databaseKeys.database,
    },
    // Nothing of Zabbix asks the cluster anything.
    rbac: { create: false },
    serviceAccount: { automountServiceAccountToken: false },
    postgresql: databaseValues(claim, resources.database),
    zabbixServer: {
      resources: resources.server,
      securityContext: contained,
      extraPodSpecs: podSpecs(user),
      haNodesAutoClean: { enabled: false },
      // The first start makes the database.
      startupProbe: { tcpSocket: { port: "zabbix-server" }, periodSeconds: 10, failureThreshold: 60 },
      readinessProbe: { tcpSocket: { port: "zabbix-server" }, periodSeconds: 10 },
      livenessProbe: { tcpSocket: { port: "zabbix-server" }, periodSeconds: 30, failureThreshold: 5 },
    },
    zabbixWeb: {
      resources: resources.web,
      securityContext: contained,
      extraPodSpecs: podSpecs(user),
      extraPodAnnotations: { "uap.dev/checksum": checksum },
      extraInitContainers: [container],
      extraVolumes: volumes,
      extraEnv: [
        { name: "ZBX_SERVER_HOST", value: zabbixServices.server },
        { name: "ZBX_SERVER_PORT", value: String(zabbixPorts.server) },
      ],
    },
    zabbixWebService: { enabled: false },
    zabbixAgent: agentValues(resources.agent),
  };
}

function databaseValues(claim: string, resources: ChartValues): ChartValues {
  const check = { exec: { command: ["sh", "-c", 'pg_isready --username "$POSTGRES_USER"'] } };
  return {
    image: databaseImage,
    persistence: { enabled: true, existingClaimName: claim },
    resources,
    securityContext: { ...contained, readOnlyRootFilesystem: true },
    extraPodSpecs: {
      enableServiceLinks: false,
      securityContext: {
        ...nonRoot(databaseUser),
        fsGroup: databaseUser,
        fsGroupChangePolicy: "OnRootMismatch",
      },
    },
    extraVolumes: Object.keys(scratch).map((name) => ({ name, emptyDir: { sizeLimit: "64Mi" } })),
    extraVolumeMounts: Object.entries(scratch).map(([name, mountPath]) => ({ name, mountPath })),
    startupProbe: { ...check, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...check, periodSeconds: 10 },
    livenessProbe: { ...check, periodSeconds: 30, failureThreshold: 5 },
  };
}

/** Where PostgreSQL writes beside its volume. */
const scratch = { socket: "/var/run/postgresql", temporary: "/tmp" } as const;

/**
 * One beside the server, which is the host that Zabbix knows from the beginning, and one on every node. They call the server: the agents of
 * nodes are in their nodes' network, where they would else answer anybody who asks.
 */
function agentValues(resources: ChartValues): ChartValues {
  return {
    runAsSidecar: true,
    runAsDaemonSet: true,
    resources,
    securityContext: contained,
    ZBX_ACTIVE_ALLOW: true,
    ZBX_SERVER_HOST: zabbixServices.server,
    ZBX_PASSIVESERVERS: "127.0.0.1",
    // Also on control planes and on nodes that are kept for some.
    extraPodSpecs: { ...podSpecs(user), tolerations: [{ operator: "Exists" }] },
  };
}
