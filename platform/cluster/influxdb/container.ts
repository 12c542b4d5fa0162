import type * as pulumi from "@pulumi/pulumi";
import { parseDuration, type Duration } from "../../../config/quantities.ts";
import type { Size, Sized } from "../../../config/systems.ts";
import type { ContainerArgs, Resources } from "../../kit/container.ts";
import type { InfluxdbOptions } from "./options.ts";

/** The user that the image is made for. */
export const influxdbUser = 1000;
export const influxdbPort = 8086;
/** The first account. */
export const administrator = "admin";
/** Where the image keeps data. */
export const dataFolder = "/var/lib/influxdb2";

/** What the first set-up makes. */
export const influxdbOrganization = "uap";
export const influxdbBucket = "metrics";

/** Keys of the Secret with the administrator. */
export const secretKeys = { password: "admin-password", token: "admin-token" } as const;

/** The one container. @param secret name of the Secret with the administrator */
export function influxdbContainer(
  image: string,
  { retention, size }: Pick<Sized<InfluxdbOptions>, "retention" | "size">,
  secret: pulumi.Input<string>,
): ContainerArgs & { readonly ports: { readonly http: number } } {
  const health = { httpGet: { path: "/health", port: "http" } };
  return {
    name: "influxdb",
    image,
    ports: { http: influxdbPort },
    resources: influxdbResources[size],
    env: [
      ...Object.entries(influxdbSettings(retention)).map(([name, value]) => ({ name, value })),
      ...Object.entries({
        DOCKER_INFLUXDB_INIT_PASSWORD: secretKeys.password,
        DOCKER_INFLUXDB_INIT_ADMIN_TOKEN: secretKeys.token,
      }).map(([name, key]) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } })),
    ],
    // The image's set-up writes its client's settings there.
    mounts: [{ name: "settings", mountPath: "/etc/influxdb2" }],
    // The set-up writes into the user's home besides.
    readOnlyRoot: false,
    probes: {
      // The first start sets the database up and starts it anew.
      startup: { ...health, periodSeconds: 5, failureThreshold: 60 },
      readiness: { ...health, periodSeconds: 10 },
      liveness: { ...health, periodSeconds: 30, failureThreshold: 5 },
    },
  };
}

/** Settings that are no secrets: those of the first set-up, which has no effect once there is a database, and no reports home. */
export function influxdbSettings(retention: Duration): Record<string, string> {
  return {
    DOCKER_INFLUXDB_INIT_MODE: "setup",
    DOCKER_INFLUXDB_INIT_USERNAME: administrator,
    DOCKER_INFLUXDB_INIT_ORG: influxdbOrganization,
    DOCKER_INFLUXDB_INIT_BUCKET: influxdbBucket,
    DOCKER_INFLUXDB_INIT_RETENTION: `${parseDuration(retention)}s`,
    INFLUXD_REPORTING_DISABLED: "true",
  };
}

/** The makers advise more for production; a few thousand series of a small platform need little. */
export const influxdbResources = {
  small: { requests: { cpu: "50m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  medium: { requests: { cpu: "250m", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
  large: { requests: { cpu: "500m", memory: "2Gi" }, limits: { cpu: "4", memory: "6Gi" } },
} as const satisfies Record<Size, Resources>;
