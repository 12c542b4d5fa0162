import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CustomKind } from "../charts/lock.ts";
import type { ObjectMetadata } from "./system.ts";

/** Name and labels, and the namespace of an object that has one. */
export type CustomMetadata = Omit<ObjectMetadata, "namespace"> & {
  readonly namespace?: pulumi.Input<string>;
  readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
};

/** A specification whose values may be outputs of other resources. */
export type SpecInput<Spec> = pulumi.Input<
  Spec extends string | number | boolean | null | undefined
    ? Spec
    : Spec extends readonly (infer Item)[]
      ? readonly SpecInput<Item>[]
      : { readonly [Key in keyof Spec]: SpecInput<Spec[Key]> }
>;

export interface CustomResourceArgs<Spec> {
  /** `<group>/<version>/<kind>` of a definition of a pinned chart. */
  readonly kind: CustomKind;
  readonly metadata: CustomMetadata;
  readonly spec: SpecInput<Spec>;
  /** Fields beside `metadata` and `spec`, where the kind has any. @default none */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * An object of a kind that an operator looks after.
 *
 * @typeParam Spec the fields that the platform sets: an interface written by hand, by the system that makes the object; tests hold every
 *   object against its real schema
 * @param options `dependsOn` names the operator's chart: the object is made once the operator and its webhook are ready, and is gone
 *   before they are
 */
export function customResource<Spec>(
  name: string,
  { fields, kind, metadata, spec }: CustomResourceArgs<Spec>,
  options: pulumi.CustomResourceOptions & {
    readonly dependsOn: NonNullable<pulumi.CustomResourceOptions["dependsOn"]>;
  },
): kubernetes.apiextensions.CustomResource {
  const { apiVersion, kind: objectKind } = readKind(kind);
  return new kubernetes.apiextensions.CustomResource(
    name,
    { apiVersion, kind: objectKind, metadata, spec, ...fields },
    options,
  );
}

/** `keda.sh/v1alpha1/ScaledObject` → `keda.sh/v1alpha1` and `ScaledObject`. */
export function readKind(kind: CustomKind): { readonly apiVersion: string; readonly kind: string } {
  const end = kind.lastIndexOf("/");
  return { apiVersion: kind.slice(0, end), kind: kind.slice(end + 1) };
}
