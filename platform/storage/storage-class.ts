import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** What a storage class is made of. None of it can be changed once it is there. */
export interface StorageClassArgs {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** @default none */
  readonly mountOptions?: readonly string[];
  /** Whether volumes may grow. @default true */
  readonly isExpandable?: boolean;
  /** Whether a volume is made where the pod is sent that claims it, and not before. @default false */
  readonly waitsForPod?: boolean;
  /** True when neither the class nor what provides it may go: the plan that would delete it is refused. */
  readonly isProtected: boolean;
}

/**
 * Makes a storage class that is never replaced. Replacing one, the engine would delete all that names it first, which is every volume of
 * it. As it is, the API server refuses other parameters, and nothing is lost.
 *
 * @returns the name of the class, known once the class is there
 */
export function createStorageClass(
  args: StorageClassArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): pulumi.Output<string> {
  const { isExpandable = true, isProtected, labels, mountOptions, name, parameters, provisioner } = args;
  return new kubernetes.storage.v1.StorageClass(
    name,
    {
      metadata: { name, labels: { ...labels } },
      provisioner,
      parameters: { ...parameters },
      reclaimPolicy: "Delete",
      volumeBindingMode: args.waitsForPod === true ? "WaitForFirstConsumer" : "Immediate",
      ...(mountOptions && { mountOptions: [...mountOptions] }),
      ...(isExpandable && { allowVolumeExpansion: true }),
    },
    {
      parent: options.parent,
      dependsOn: [...options.dependsOn],
      protect: isProtected,
      deleteBeforeReplace: false,
    },
  ).metadata.name;
}
