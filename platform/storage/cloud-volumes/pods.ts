import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../../kit/container.ts";
import { imageOf } from "../../charts/lock.ts";
import { socketFolder, type CsiDriver } from "./drivers.ts";
import { driverResources, helperResources } from "./resources.ts";
import { hardened, nonRoot } from "../../kit/security.ts";

type Container = types.input.core.v1.Container;
type Template = types.input.core.v1.PodTemplateSpec;

export interface CsiPodsArgs {
  readonly driver: CsiDriver;
  readonly labels: Readonly<Record<string, string>>;
  readonly account: string;
  /** Checksum of what the pods read at start. */
  readonly checksum?: pulumi.Input<string>;
}

/** Health ports on the nodes' loopback interface; controller and driver may share a node. */
const healthPorts = { controller: 29_808, node: 29_809 } as const;
/** A user of no image: the controllers need none of their own. */
const user = 65_532;
const kubeletFolder = "/var/lib/kubelet";

const socket = { name: "socket", mountPath: socketFolder };
const address = `--csi-address=${socketFolder}/csi.sock`;

/**
 * The pod of the controller, in its node's network: the metadata service, closed to all other pods, tells a driver where it is, and at AWS
 * what it may do.
 */
export function csiControllerPods({ account, checksum, driver, labels }: CsiPodsArgs): Template {
  const { args, env } = driver.controller;
  const sidecar = (name: string, ...more: string[]) =>
    plainContainer(name, imageOf("hcloud-csi", name), helperResources, [
      address,
      "--leader-election=true",
      ...more,
    ]);
  return {
    metadata: {
      labels: { ...labels },
      ...(checksum !== undefined && { annotations: { "uap.dev/checksum": checksum } }),
    },
    spec: {
      ...commonSpec(account),
      priorityClassName: "system-cluster-critical",
      securityContext: {
        ...nonRoot(user),
        fsGroup: user,
      },
      containers: [
        {
          ...plainContainer("driver", driver.image, driverResources, args),
          env,
          // Declared, so that two controllers are never sent to one node.
          ports: [
            { name: "health", containerPort: healthPorts.controller, hostPort: healthPorts.controller },
          ],
          ...probes(healthPorts.controller),
        },
        sidecar("csi-provisioner", "--default-fstype=ext4", "--extra-create-metadata", "--timeout=60s"),
        sidecar("csi-attacher", "--timeout=6m"),
        sidecar("csi-resizer", "--timeout=60s", "--handle-volume-inuse-error=false"),
        livenessProbe(healthPorts.controller),
      ],
      volumes: [{ name: "socket", emptyDir: {} }],
    },
  };
}

/** The pod of the driver on every node: privileged, since it formats disks and mounts them for other pods. */
export function csiNodePods({ account, driver, labels }: CsiPodsArgs): Template {
  const plugin = `${kubeletFolder}/plugins/${driver.name}`;
  const { args, env } = driver.node;
  return {
    metadata: { labels: { ...labels } },
    spec: {
      ...commonSpec(account),
      priorityClassName: "system-node-critical",
      tolerations: [{ operator: "Exists" }],
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      ...(driver.unwantedRule !== undefined && { initContainers: [removal(driver, driver.unwantedRule)] }),
      containers: [
        {
          name: "driver",
          image: driver.image,
          args,
          env,
          resources: driverResources,
          ...probes(healthPorts.node),
          volumeMounts: [
            socket,
            { name: "kubelet", mountPath: kubeletFolder, mountPropagation: "Bidirectional" },
            { name: "devices", mountPath: "/dev" },
          ],
          securityContext: { privileged: true },
        },
        {
          ...plainContainer(
            "registrar",
            imageOf("hcloud-csi", "csi-node-driver-registrar"),
            helperResources,
            [address, `--kubelet-registration-path=${plugin}/csi.sock`],
          ),
          volumeMounts: [socket, { name: "registration", mountPath: "/registration" }],
        },
        livenessProbe(healthPorts.node),
      ],
      volumes: [
        { name: "socket", hostPath: { path: plugin, type: "DirectoryOrCreate" } },
        { name: "registration", hostPath: { path: `${kubeletFolder}/plugins_registry`, type: "Directory" } },
        { name: "kubelet", hostPath: { path: kubeletFolder, type: "Directory" } },
        { name: "devices", hostPath: { path: "/dev", type: "Directory" } },
        ...(driver.unwantedRule === undefined
          ? []
          : [
              { name: "rules", hostPath: { path: folderOf(driver.unwantedRule), type: "DirectoryOrCreate" } },
            ]),
      ],
    },
  };
}

function commonSpec(account: string) {
  return {
    serviceAccountName: account,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    hostNetwork: true,
    dnsPolicy: "ClusterFirstWithHostNet",
  } satisfies Omit<types.input.core.v1.PodSpec, "containers">;
}

function plainContainer(name: string, image: string, resources: Resources, args: string[]): Container {
  return {
    name,
    image,
    args,
    resources,
    volumeMounts: [socket],
    securityContext: hardened,
  };
}

/** Asks the driver by its socket, and tells the kubelet on the node's loopback interface. */
function livenessProbe(port: number): Container {
  return plainContainer("liveness-probe", imageOf("hcloud-csi", "livenessprobe"), helperResources, [
    address,
    `--http-endpoint=127.0.0.1:${port}`,
  ]);
}

function probes(port: number): Pick<Container, "readinessProbe" | "livenessProbe"> {
  const httpGet = { host: "127.0.0.1", path: "/healthz", port };
  return {
    readinessProbe: { httpGet, periodSeconds: 10 },
    livenessProbe: {
      httpGet,
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
  };
}

/** Removes a file of the node, as root, which owns it. */
function removal(driver: CsiDriver, path: string): Container {
  return {
    ...plainContainer("unwanted-rule", driver.image, helperResources, []),
    command: ["rm", "-f", path],
    volumeMounts: [{ name: "rules", mountPath: folderOf(path) }],
  };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
