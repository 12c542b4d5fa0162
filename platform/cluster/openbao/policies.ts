import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { digestOf } from "../../kit/checksum.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { openbaoPaths, policyFiles, policyWriter } from "./files.ts";
import type { OpenbaoPolicy } from "./options.ts";
import { policyWriterResources } from "./rendering.ts";

export interface PoliciesArgs {
  readonly image: string;
  readonly policies: readonly OpenbaoPolicy[];
  /** Name of the Secret with the authority that vouches for the servers. */
  readonly tls: pulumi.Output<string>;
  metadata(name: string): ObjectMetadata;
}

/** A Job that writes the declared policies: a new one at every change, which may run as often as it likes. */
export function writePolicies(
  args: PoliciesArgs,
  options: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource },
): void {
  const files = policyFiles(args.policies);
  const name = `openbao-policies-${digestOf([files]).slice(0, 8)}`;
  const { parent } = options;
  const account = new kubernetes.core.v1.ServiceAccount(
    policyWriter,
    { metadata: args.metadata(policyWriter) },
    { parent },
  );
  const configuration = new kubernetes.core.v1.ConfigMap(
    "openbao-policies",
    { metadata: args.metadata(name), data: files },
    { parent },
  );
  const metadata = args.metadata(name);
  new kubernetes.batch.v1.Job(
    "openbao-policies",
    {
      metadata,
      spec: {
        backoffLimit: 10,
        template: {
          metadata: { labels: metadata.labels },
          spec: podSpec(args, account.metadata.name, configuration.metadata.name),
        },
      },
    },
    { ...options, deleteBeforeReplace: false },
  );
}

function podSpec(
  { image, tls }: PoliciesArgs,
  serviceAccountName: pulumi.Output<string>,
  files: pulumi.Output<string>,
): kubernetes.types.input.core.v1.PodSpec {
  return {
    serviceAccountName,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    restartPolicy: "OnFailure",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 100,
      runAsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "policies",
        image,
        command: ["/bin/sh", "/policies/write.sh"],
        env: [
          { name: "BAO_ADDR", value: "https://openbao:8200" },
          { name: "BAO_CACERT", value: `${openbaoPaths.tls}/ca.crt` },
          { name: "HOME", value: "/tmp" },
        ],
        resources: policyWriterResources,
        volumeMounts: [
          { name: "policies", mountPath: "/policies", readOnly: true },
          { name: "authority", mountPath: openbaoPaths.tls, readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
        },
      },
    ],
    volumes: [
      { name: "policies", configMap: { name: files } },
      { name: "authority", secret: { secretName: tls, items: [{ key: "ca.crt", path: "ca.crt" }] } },
      { name: "tmp", emptyDir: {} },
    ],
  };
}
