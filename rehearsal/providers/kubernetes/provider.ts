import { UserError } from "../../errors.ts";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  Properties,
  Provider,
  ReadRequest,
  UpdateRequest,
} from "../protocol/provider.ts";
import { sdkVersion } from "../protocol/sdk.ts";
import { revealed } from "../protocol/secret.ts";
import { check } from "./checking.ts";
import { Cluster, defaultPatience, type Patience } from "./cluster.ts";
import {
  clusterChange,
  configurationProblems,
  readConfiguration,
  readKubeconfig,
  type Configuration,
} from "./configuration.ts";
import { create, previewCreation } from "./creation.ts";
import { remove } from "./deletion.ts";
import { diff } from "./diff.ts";
import { read, type ReadResult } from "./reading.ts";
import { previewUpdate, update } from "./update.ts";
import { decodeYaml } from "./yaml-decode.ts";

/**
 * Stands in for the official provider of `@pulumi/kubernetes`: every kind that the API server knows, by server-side apply.
 *
 * A preview asks the server for a dry run, so what it refuses fails the preview already. While the cluster does not exist yet or
 * does not answer, plans are made from the inputs alone.
 */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  readonly version = sdkVersion("kubernetes");
  readonly #patience: Patience;
  readonly #cancellation = new AbortController();
  #configuration: Configuration | undefined;
  #cluster: Cluster | undefined;
  #obstacle: unknown;

  /** @param patience how long to ask a server again that does not answer; shorter in tests */
  constructor(patience: Patience = defaultPatience) {
    this.#patience = patience;
  }

  checkConfig(news: Properties): Promise<CheckResult> {
    return Promise.resolve({ inputs: news, failures: configurationProblems(revealed(news) as Properties) });
  }

  diffConfig(olds: Properties, news: Properties): Promise<DiffResult> {
    const [before, after] = [revealed(olds), revealed(news)] as [Properties, Properties];
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
    const replaces = clusterChange(before, after);
    const detailed = Object.fromEntries(
      changed.map((key) => [key, replaces.includes(key) ? "update-replace" : "update"] as const),
    );
    return Promise.resolve({ changes: changed.length > 0, replaces, detailed });
  }

  configure(config: Properties): Promise<void> {
    this.#configuration = readConfiguration(config);
    try {
      this.#cluster = this.#open(config, this.#configuration);
    } catch (error) {
      // Without a kubeconfig plans can still be made. Whoever needs the cluster is told why there is none.
      this.#obstacle = error;
    }
    return Promise.resolve();
  }

  check(request: CheckRequest): Promise<CheckResult> {
    return check(this.#cluster, this.#configured(), request);
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    return diff(this.#cluster, this.#configured(), request);
  }

  async create(request: CreateRequest): Promise<{ readonly id: string; readonly state: Properties }> {
    if (!request.preview) return create(this.#connected(), this.#configured(), request);
    return { id: "", state: await previewCreation(this.#cluster, this.#configured(), request) };
  }

  async read(request: ReadRequest): Promise<ReadResult | undefined> {
    if (this.#isForgotten()) return undefined;
    return read(this.#connected(), this.#configured(), request);
  }

  update(request: UpdateRequest): Promise<Properties> {
    if (request.preview) return previewUpdate(this.#cluster, this.#configured(), request);
    return update(this.#connected(), this.#configured(), request);
  }

  async delete(request: DeleteRequest): Promise<void> {
    if (this.#isForgotten()) return;
    await remove(this.#connected(), this.#configured(), request);
  }

  invoke(token: string, args: Properties): Promise<Properties> {
    if (token === "kubernetes:yaml:decode") return decodeYaml(this.#cluster, args);
    throw new UserError(
      `The stand-in provider has no function ${token}: install the official plugin of kubernetes.`,
    );
  }

  cancel(): void {
    this.#cancellation.abort(new UserError("The update was cancelled."));
  }

  #configured(): Configuration {
    if (this.#configuration === undefined) throw new Error("The provider is used before it is configured.");
    return this.#configuration;
  }

  #open(config: Properties, configuration: Configuration): Cluster | undefined {
    const kubeconfig = readKubeconfig(config);
    if (kubeconfig === "unknown") return undefined;
    return new Cluster(kubeconfig, configuration, {
      patience: this.#patience,
      signal: this.#cancellation.signal,
    });
  }

  #connected(): Cluster {
    if (this.#obstacle !== undefined) throw this.#obstacle as Error;
    if (this.#cluster === undefined) {
      throw new UserError("The provider's kubeconfig is not known, so there is no cluster to work on.");
    }
    return this.#cluster;
  }

  /** There is no way to the cluster any more, and the user has decided to let its objects go. */
  #isForgotten(): boolean {
    return this.#obstacle !== undefined && this.#configured().deleteUnreachable;
  }
}
