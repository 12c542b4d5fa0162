import type { z } from "zod";
import type { StorageRole } from "../config/sections/storage.ts";
import type { BuiltSystem, PlannedSystem } from "../config/systems.ts";
import type { ChartName } from "./charts/lock.ts";
import type { Resources } from "./kit/container.ts";
import type { Layer } from "./kit/labels.ts";

/** The pod security standards of Kubernetes, strictest first. */
export const podSecurityStandards = ["restricted", "baseline", "privileged"] as const;
export type PodSecurity = (typeof podSecurityStandards)[number];

/** What everybody may know of a system, built or planned. */
interface Described {
  readonly layer: Layer;
  /** As people call it. */
  readonly title: string;
}

/** A system that is announced: presets name it, and it waits to be built. */
export type PlannedRow = PlannedSystem & Described;

/** A system that can be switched on. */
export type BuiltRow<Options extends z.ZodObject = z.ZodObject> = BuiltSystem<Options> &
  Described & {
    /** What it does, as a phrase that can stand after its title. */
    readonly purpose: string;
    readonly form: "native" | "chart";
    /** The pinned Helm charts that it installs, in their order. @default none */
    readonly charts?: readonly ChartName[];
    /** SPDX identifier of the software's licence. */
    readonly licence: string;
    /** Namespace that it runs in. @default none of its own */
    readonly namespace?: string;
    /**
     * Pod security standard that its namespace must allow, where the software cannot do with less: the weakest that a system of the
     * namespace asks for is enforced. @default "restricted"
     */
    readonly podSecurity?: PodSecurity;
    /** The role of the storage class that its volumes want. @default it has no volumes, or takes the cluster's default class */
    readonly volumes?: StorageRole;
    /**
     * True when it claims volumes of the cluster's default class: it comes up before the storage layer, whose classes it cannot wait for.
     * @default false
     */
    readonly claimsDefault?: true;
    /**
     * What a container of its namespace gets that says nothing, where an operator starts pods whose resources nothing else can bound.
     * @default the kit's `containerDefaults`
     */
    readonly containers?: Resources;
    /** Values for the options that have no default, as a reader may copy them. @default every option has one */
    readonly example?: Readonly<Record<string, unknown>>;
    /** First label of its host name. @default it has none */
    readonly service?: string;
    /** Container images with pinned tags, by the container's name; those of charts stand in the charts' lock. @default none */
    readonly images?: Readonly<Record<string, string>>;
  };

export type CatalogueRow = BuiltRow | PlannedRow;

/** The rows of a layer, by the system's name. */
export type CatalogueRows = Readonly<Record<string, CatalogueRow>>;

/** A row with the types of its own options. */
export function built<Options extends z.ZodObject, Row extends BuiltRow<Options>>(
  row: Row & { readonly options: Options },
): Row {
  return row;
}

/** A row that is only announced. */
export function planned(layer: Layer, title: string): PlannedRow {
  return { planned: true, layer, title };
}
