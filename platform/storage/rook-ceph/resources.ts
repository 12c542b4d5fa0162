import type { Size } from "../../../config/systems.ts";
import type { Resources } from "../../kit/container.ts";

/** The daemons of a Ceph cluster. */
export type CephDaemon = "mon" | "mgr" | "osd" | "mds" | "rgw";

/**
 * What each daemon may use. Rook's own figures (4 GiB for each OSD and MDS) are for real disks: `large` has them. Smaller ones are for
 * clusters of some hundred GiB: OSDs and MDSs size their caches by the limit, and none may have less than 2 GiB and 1 GiB of it.
 */
const daemons: Readonly<Record<Size, Readonly<Record<CephDaemon, Resources>>>> = {
  small: {
    mon: of("100m", "384Mi", "500m", "1Gi"),
    mgr: of("100m", "512Mi", "1", "1Gi"),
    osd: of("200m", "1Gi", "1", "2Gi"),
    mds: of("100m", "384Mi", "500m", "1Gi"),
    rgw: of("100m", "256Mi", "500m", "1Gi"),
  },
  medium: {
    mon: of("250m", "768Mi", "1", "2Gi"),
    mgr: of("250m", "512Mi", "1", "1Gi"),
    osd: of("500m", "2Gi", "2", "3Gi"),
    mds: of("250m", "1Gi", "2", "2Gi"),
    rgw: of("250m", "512Mi", "2", "2Gi"),
  },
  large: {
    mon: of("1", "1Gi", "2", "2Gi"),
    mgr: of("500m", "512Mi", "1", "1Gi"),
    osd: of("1", "4Gi", "2", "4Gi"),
    mds: of("1", "4Gi", "2", "4Gi"),
    rgw: of("1", "1Gi", "2", "2Gi"),
  },
};

/** What the helpers of the daemons may use, at any size: short Jobs mostly. */
export const cephHelpers = {
  prepareosd: of("100m", "64Mi", "500m", "1Gi"),
  "mgr-sidecar": of("20m", "40Mi", "500m", "128Mi"),
  exporter: of("20m", "50Mi", "250m", "128Mi"),
  cleanup: of("100m", "64Mi", "500m", "1Gi"),
  "cmd-reporter": of("50m", "64Mi", "500m", "512Mi"),
} as const;

/** The two operators. */
export const operators = {
  rook: of("100m", "192Mi", "1", "512Mi"),
  csi: of("10m", "64Mi", "500m", "128Mi"),
} as const;

/** The CSI drivers' containers: those that mount, and those beside them. */
export const drivers = {
  plugin: of("20m", "96Mi", "300m", "512Mi"),
  sidecar: of("10m", "32Mi", "100m", "192Mi"),
} as const;

/** The pod with Ceph's commands, for people: it sleeps mostly. */
export const toolbox = of("5m", "32Mi", "500m", "512Mi");

/** The user of Ceph's own image. */
export const cephUser = 2016;

/** The pods that make the files that Ceph stores on. */
export const fileKeeper = of("5m", "16Mi", "100m", "64Mi");

/** What a daemon may use. */
export function daemonResources(size: Size): Readonly<Record<CephDaemon, Resources>> {
  return daemons[size];
}

function of(
  cpu: Resources["requests"]["cpu"],
  memory: Resources["requests"]["memory"],
  mostCpu: Resources["limits"]["cpu"],
  mostMemory: Resources["limits"]["memory"],
): Resources {
  return { requests: { cpu, memory }, limits: { cpu: mostCpu, memory: mostMemory } };
}
