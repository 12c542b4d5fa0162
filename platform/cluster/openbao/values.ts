import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../../config/systems.ts";
import type { ChartValues } from "../../kit/chart.ts";
import { openbaoPaths, passwordVariable, serverConfiguration } from "./files.ts";
import type { OpenbaoOptions } from "./options.ts";
import { openbaoReplicas, openbaoResources } from "./rendering.ts";
import { nonRoot, unprivileged } from "../../kit/security.ts";

export interface OpenbaoValuesArgs {
  readonly size: Size;
  readonly options: OpenbaoOptions;
  /** Names of the Secrets, and of the ConfigMap with what the first server does once. */
  readonly names: {
    readonly tls: pulumi.Output<string>;
    readonly seal: pulumi.Output<string>;
    readonly administrator: pulumi.Output<string>;
    readonly start: pulumi.Output<string>;
  };
  /** Checksum of what the servers read at their start: they start anew when it changes. */
  readonly checksum: pulumi.Output<string>;
}

/** The user of OpenBao's image. */
export const openbaoUser = 100;

/**
 * Only the first server sets the cluster up, and only while no other one leads: without its data it would make a second cluster beside the
 * first, in place of joining it. The chart's command is read by a shell.
 */
export const startArgument = [
  '$([ "$HOSTNAME" = openbao-0 ]',
  "! BAO_CLIENT_TIMEOUT=5s bao status -address=https://openbao-active:8200 >/dev/null 2>&1",
  `echo -config=${openbaoPaths.start}/start.json)`,
].join(" && ");

/** Values of the chart `openbao`: servers alone, with Raft and TLS; secrets are read by whoever asks, not injected. */
export function openbaoValues({ checksum, names, options, size }: OpenbaoValuesArgs): ChartValues {
  const replicas = openbaoReplicas(size);
  const { seal, storage } = options;
  const volumes = volumesOf(seal, names);
  const isAutomatic = seal.kind !== "none";
  return {
    global: { tlsDisable: false },
    injector: { enabled: false },
    server: {
      resources: openbaoResources,
      // One after the other, so that the second finds the first one running.
      podManagementPolicy: "OrderedReady",
      updateStrategyType: "RollingUpdate",
      dataStorage: { size: storage },
      ha: {
        enabled: true,
        replicas,
        // A budget of one pod would keep its node from ever being drained.
        disruptionBudget: { enabled: replicas > 1 },
        raft: { enabled: true, setNodeId: true, config: serverConfiguration(seal, replicas) },
      },
      volumes: volumes.map(({ name, source }) => ({ name, ...source })),
      volumeMounts: volumes.map(({ mountPath, name }) => ({ name, mountPath, readOnly: true })),
      // A server that a person must unseal does not start anew by itself.
      ...(isAutomatic && { annotations: { "uap.dev/checksum": checksum }, extraArgs: startArgument }),
      extraEnvironmentVars: { BAO_CACERT: `${openbaoPaths.tls}/ca.crt` },
      extraSecretEnvironmentVars: variablesOf(seal, names),
      // Without auto-unseal a pod that waits for its keys is as ready as it will be.
      ...(!isAutomatic && {
        readinessProbe: { path: "/v1/sys/health?standbyok=true&sealedcode=204&uninitcode=204" },
      }),
      livenessProbe: {
        enabled: true,
        path: "/v1/sys/health?standbyok=true&sealedcode=204&uninitcode=204",
      },
      statefulSet: {
        securityContext: {
          pod: {
            ...nonRoot(openbaoUser, 1000),
            fsGroup: 1000,
          },
          // Its start writes its configuration to /tmp.
          container: unprivileged,
        },
      },
    },
  };
}

function volumesOf(seal: OpenbaoOptions["seal"], { seal: key, start, tls }: OpenbaoValuesArgs["names"]) {
  return [
    { name: "tls", mountPath: openbaoPaths.tls, source: { secret: { secretName: tls } } },
    ...(seal.kind === "none"
      ? []
      : [{ name: "start", mountPath: openbaoPaths.start, source: { configMap: { name: start } } }]),
    ...(seal.kind === "static"
      ? [{ name: "seal", mountPath: openbaoPaths.seal, source: { secret: { secretName: key } } }]
      : []),
  ];
}

/** Secrets by variable: the administrator's password at the first start, and what other services want to unseal. */
function variablesOf(
  seal: OpenbaoOptions["seal"],
  { administrator, seal: key }: OpenbaoValuesArgs["names"],
): readonly Readonly<Record<string, string | pulumi.Output<string>>>[] {
  const ofSeal = (secretKey: string) => ({ envName: secretKey, secretName: key, secretKey });
  return [
    ...(seal.kind === "none"
      ? []
      : [{ envName: passwordVariable, secretName: administrator, secretKey: "password" }]),
    ...Object.keys(sealSecrets(seal)).map(ofSeal),
  ];
}

/** What an unsealing service wants to know whom it serves, by the variable that OpenBao reads it from. */
export function sealSecrets(seal: OpenbaoOptions["seal"]): Readonly<Record<string, string>> {
  switch (seal.kind) {
    case "none":
    case "static":
      return {};
    case "transit":
      return { VAULT_TOKEN: seal.token.reveal() };
    case "awskms":
      return { AWS_ACCESS_KEY_ID: seal.accessKey.reveal(), AWS_SECRET_ACCESS_KEY: seal.secretKey.reveal() };
    default:
      return seal satisfies never;
  }
}
