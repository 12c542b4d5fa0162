import { mkdir } from "node:fs/promises";
import path from "node:path";

import { UserError } from "../errors.ts";
import type { Tools } from "../toolchain/index.ts";
import type { Address } from "./address.ts";
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  files,
  kwokArguments,
  schedulerArguments,
} from "./command-lines.ts";
import type { FolderClaim } from "./processes/folder-claim.ts";
import { GuardedProcess } from "./processes/guarded-process.ts";
import { lastWordsOf } from "./processes/log.ts";
import { residentMemory } from "./processes/process-table.ts";

/** The programs that make up a cluster. */
export type Part = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok";

/**
 * The API server holds more than half of all memory. Collecting garbage at three quarters' growth instead of double costs it
 * a few per cent of its time, and keeps a cluster with some hundred pods below 700 MB.
 */
const environments: Partial<Record<Part, Readonly<Record<string, string>>>> = {
  "kube-apiserver": { GOGC: "75" },
};

/** What a control plane is started with. Its PKI and kubeconfig lie in the folder already. */
export interface ControlPlaneOptions {
  readonly folder: string;
  readonly tools: Tools<Part>;
  readonly address: Address;
  readonly claim: FolderClaim;
}

/** The processes of one cluster. */
export class ControlPlane {
  /** Resolves with the reason when a part ends that nobody ended. */
  readonly failed: Promise<UserError>;
  /** The folder with a log of each part. */
  readonly logs: string;
  readonly #options: ControlPlaneOptions;
  readonly #commandLines: Readonly<Record<Part, readonly string[]>>;
  readonly #parts = new Map<Part, GuardedProcess>();
  readonly #reportFailure: (error: UserError) => void;

  constructor(options: ControlPlaneOptions) {
    const failure = Promise.withResolvers<UserError>();
    this.failed = failure.promise;
    this.#reportFailure = failure.resolve;
    this.logs = path.join(options.folder, files.logs);
    this.#options = options;
    this.#commandLines = {
      etcd: etcdArguments(),
      "kube-apiserver": apiServerArguments(options.address),
      "kube-controller-manager": controllerManagerArguments(),
      "kube-scheduler": schedulerArguments(),
      kwok: kwokArguments(),
    };
  }

  /** Starts parts, all at once. It does not wait until they do their work. */
  async start(...parts: readonly Part[]): Promise<void> {
    await mkdir(this.logs, { recursive: true });
    await Promise.all(parts.map((part) => this.#start(part)));
  }

  /** Kills one part and starts it again. */
  async restart(part: Part): Promise<void> {
    await this.#kill(part);
    await this.#start(part);
  }

  /** Kills every part. Nothing is lost: what etcd has acknowledged is with the operating system. */
  async stop(): Promise<void> {
    await Promise.all([...this.#parts.keys()].map((part) => this.#kill(part)));
  }

  /** The memory of all parts, in bytes. */
  memory(): Promise<number> {
    return residentMemory([...this.#parts.values()].map((part) => part.pid));
  }

  async #start(part: Part): Promise<void> {
    const { folder, tools, claim } = this.#options;
    const started = await GuardedProcess.start({
      name: part,
      command: tools[part],
      arguments: this.#commandLines[part],
      folder,
      log: path.join(this.logs, `${part}.log`),
      environment: environments[part] ?? {},
    });
    this.#parts.set(part, started);
    void started.ended.then(async (status) => {
      if (this.#parts.get(part) === started) this.#reportFailure(await describeEnd(started, status));
    });
    await claim.record(started.pid);
  }

  async #kill(part: Part): Promise<void> {
    const running = this.#parts.get(part);
    this.#parts.delete(part);
    await running?.kill();
  }
}

async function describeEnd(part: GuardedProcess, status: number): Promise<UserError> {
  const how = status > 128 ? `was ended by signal ${status - 128}` : `ended with exit code ${status}`;
  return new UserError(
    `${part.name} ${how}. Its last words, from ${part.log}:\n${await lastWordsOf(part.log)}`,
  );
}
