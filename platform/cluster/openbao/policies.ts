import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { digestOf } from "../../kit/checksum.ts";
import { podTemplate, type ContainerArgs } from "../../kit/container.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { openbaoPaths, policyFiles, policyWriter } from "./files.ts";
import type { OpenbaoPolicy } from "./options.ts";
import { policyWriterResources } from "./rendering.ts";
import { openbaoUser } from "./values.ts";

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
        template: podTemplate({
          labels: metadata.labels,
          user: openbaoUser,
          serviceAccount: account.metadata.name,
          restartPolicy: "OnFailure",
          containers: [writer(args)],
          volumes: [
            { name: "policies", configMap: { name: configuration.metadata.name } },
            {
              name: "authority",
              secret: { secretName: args.tls, items: [{ key: "ca.crt", path: "ca.crt" }] },
            },
            { name: "tmp", emptyDir: {} },
          ],
        }),
      },
    },
    { ...options, deleteBeforeReplace: false },
  );
}

function writer({ image }: PoliciesArgs): ContainerArgs {
  return {
    name: "policies",
    image,
    command: ["/bin/sh", "/policies/write.sh"],
    env: [
      { name: "BAO_ADDR", value: "https://openbao:8200" },
      { name: "BAO_CACERT", value: `${openbaoPaths.tls}/ca.crt` },
      { name: "HOME", value: "/tmp" },
    ],
    resources: policyWriterResources,
    mounts: [
      { name: "policies", mountPath: "/policies", readOnly: true },
      { name: "authority", mountPath: openbaoPaths.tls, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
