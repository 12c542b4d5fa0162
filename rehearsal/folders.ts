import { createHash } from "node:crypto";
import { join, resolve } from "node:path";

/** The project's folder, where Pulumi.yaml is. */
export const projectFolder = resolve(import.meta.dirname, "..");

/** Which stack, and on which cluster; the embedded one when neither file nor context is named. */
export interface StackPlace {
  /** The stack's name: `Pulumi.<stack>.yaml`. */
  readonly stack: string;
  /** A kubeconfig file; undefined for the embedded cluster. */
  readonly kubeconfig?: string;
  /** A context of that file. @default its current context */
  readonly context?: string;
}

/** Where the rehearsal keeps everything; nothing outside of it changes. */
export interface Folders {
  /** Helpers that the engine looks for on its search path. */
  readonly programs: string;
  /** Generated passphrase of all stacks' states. */
  readonly passphraseFile: string;
  /** Everything of this stack on this cluster. */
  readonly stack: string;
  /** Plugins and credentials of the engine: a stack on simulated clouds must not find another one's. */
  readonly pulumiHome: string;
  /** The engine's state. */
  readonly state: string;
  /** Pulumi.yaml and Pulumi.<stack>.yaml as this run uses them. */
  readonly workspace: string;
  /** Data, keys and logs of the embedded cluster, or of the one that simulated servers form. */
  readonly kubernetes: string;
  /** What the simulated clouds hold. */
  readonly clouds: string;
  /** Files for machines of the user's own, by node. */
  readonly seeds: string;
}

/**
 * The folders of a run. A stack that is deployed to a cluster of the user's has a state of its own for every
 * kubeconfig and context, apart from that of the rehearsal.
 */
export function foldersOf(options: StackPlace): Folders {
  const root = resolve(process.env.UAP_REHEARSAL ?? join(projectFolder, ".rehearsal"));
  const stack = join(root, options.stack + clusterSuffix(options));
  return {
    programs: join(root, "bin"),
    passphraseFile: join(root, "passphrase"),
    stack,
    pulumiHome: join(stack, "pulumi"),
    state: join(stack, "state"),
    workspace: join(stack, "workspace"),
    kubernetes: join(stack, "kubernetes"),
    clouds: join(stack, "clouds"),
    seeds: join(stack, "seeds"),
  };
}

function clusterSuffix({ kubeconfig, context }: StackPlace): string {
  if (kubeconfig === undefined && context === undefined) return "";
  const place = `${resolve(kubeconfig ?? "")}#${context ?? ""}`;
  return `@${context ?? "cluster"}-${createHash("sha256").update(place).digest("hex").slice(0, 8)}`;
}

/** The project's policy pack. */
export const policyPack = join(projectFolder, "policy");
