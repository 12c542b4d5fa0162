import { KubernetesClient, type Method, type RequestOptions } from "../../kubernetes/client.ts";
import { hasStatus, KubernetesError, UnreachableError } from "../../kubernetes/kubernetes-error.ts";
import type { Configuration, Kubeconfig } from "./configuration.ts";
import { Discovery, type ServedKind } from "./discovery.ts";
import { inNamespace, type KubernetesObject } from "./manifest.ts";
import { isPassing, retry } from "../../kubernetes/retry.ts";
import { without } from "./values.ts";

/** How long to ask again before giving up, in milliseconds. */
export interface Patience {
  /** A server that did answer, and does not any more: it restarts. */
  readonly restart: number;
  /** A server that never answered. */
  readonly firstContact: number;
  /** A namespace or a kind that is not there yet: another resource of the same run makes it. */
  readonly prerequisite: number;
}

export const defaultPatience: Patience = { restart: 60_000, firstContact: 10_000, prerequisite: 30_000 };

/** For how long a server that did not answer is not asked again while planning, in milliseconds. */
const memory = 10_000;

/** The API server does not know a kind, in most cases because its custom resource definition is missing. */
export class UnknownKindError extends Error {
  override readonly name = "UnknownKindError";

  constructor(apiVersion: string, kind: string, server: string) {
    super(
      `The Kubernetes API server ${server} knows no kind ${kind} in ${apiVersion}. ` +
        "Check the spelling; if a custom resource definition brings it, create that first (`dependsOn`).",
    );
  }
}

/** One cluster: its API server, asked with patience, and the kinds that it knows. */
export class Cluster {
  /** Namespace of objects that name none. */
  readonly namespace: string;
  readonly server: string;
  readonly patience: Patience;
  /** Ends every wait when the engine gives up. */
  readonly signal: AbortSignal;
  readonly #client: KubernetesClient;
  readonly #discovery: Discovery;
  #answered = false;
  #contact: Promise<void> | undefined;
  #failure: { readonly error: unknown; readonly time: number } | undefined;

  constructor(
    kubeconfig: Kubeconfig,
    configuration: Configuration,
    options: { readonly patience: Patience; readonly signal: AbortSignal },
  ) {
    const { context } = configuration;
    this.#client = new KubernetesClient(kubeconfig.contents, {
      folder: kubeconfig.folder,
      ...(context === undefined ? {} : { context }),
    });
    this.server = this.#client.server;
    this.namespace = configuration.namespace ?? this.#client.namespace;
    this.patience = options.patience;
    this.signal = options.signal;
    this.#discovery = new Discovery((path) => this.request("GET", path));
  }

  /**
   * Makes sure that the server answers before anything is planned. It asks once, and remembers a failure for a while: a stack
   * of a thousand objects on a dead cluster is planned at once, not after a thousand timeouts.
   *
   * @throws UnreachableError when it does not answer, or does not know us.
   */
  async reach(): Promise<void> {
    if (this.#answered) return;
    if (this.#failure !== undefined && Date.now() - this.#failure.time < memory) throw this.#failure.error;
    this.#contact ??= this.#firstContact();
    await this.#contact;
  }

  /** Sends one request, again and again while the server restarts or is too busy. */
  request(method: Method, path: string, options: RequestOptions = {}): Promise<unknown> {
    return retry(() => this.#send(method, path, options), {
      patience: this.#answered ? this.patience.restart : this.patience.firstContact,
      when: isPassing,
      signal: this.signal,
    });
  }

  /** Watches a collection once, until the server ends the watch. */
  watch(path: string, options: Omit<RequestOptions, "body">) {
    return this.#client.watch<KubernetesObject>(path, options);
  }

  /** How an object's kind is served. @throws UnknownKindError */
  async kindOf(object: { readonly apiVersion: string; readonly kind: string }): Promise<ServedKind> {
    const served = await this.#discovery.find(object.apiVersion, object.kind);
    if (served === undefined) throw new UnknownKindError(object.apiVersion, object.kind, this.server);
    return served;
  }

  /** The object in the namespace where it belongs: its own, the default one, or none when its kind has no namespaces. */
  async placed(object: KubernetesObject): Promise<KubernetesObject> {
    const { namespaced } = await this.kindOf(object);
    if (namespaced) return inNamespace(object, object.metadata.namespace ?? this.namespace);
    return { ...object, metadata: { ...without(object.metadata, "namespace"), name: object.metadata.name } };
  }

  /** The path of an object's collection. */
  async collectionOf(object: KubernetesObject): Promise<string> {
    const served = await this.kindOf(object);
    return served.collection(object.metadata.namespace);
  }

  /** The path of an object. */
  async pathOf(object: KubernetesObject): Promise<string> {
    return `${await this.collectionOf(object)}/${encodeURIComponent(object.metadata.name)}`;
  }

  /** The object as the server has it; undefined when it does not exist, or its kind is gone. */
  async find(object: KubernetesObject): Promise<KubernetesObject | undefined> {
    try {
      return (await this.request("GET", await this.pathOf(object))) as KubernetesObject;
    } catch (error) {
      if (error instanceof UnknownKindError || hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async #send(method: Method, path: string, options: RequestOptions): Promise<unknown> {
    try {
      const answer = await this.#client.request(method, path, options);
      this.#answered = true;
      return answer;
    } catch (error) {
      // A refusal is an answer, too.
      this.#answered ||= error instanceof KubernetesError;
      throw error;
    }
  }

  async #firstContact(): Promise<void> {
    try {
      await this.#client.request("GET", "/api/v1", { signal: this.signal });
      this.#answered = true;
      this.#failure = undefined;
    } catch (error) {
      const refused = hasStatus(error, 401, 403)
        ? new UnreachableError(
            this.server,
            new Error(`it does not accept the kubeconfig's user (${error.message})`),
          )
        : error;
      this.#failure = { error: refused, time: Date.now() };
      throw refused;
    } finally {
      this.#contact = undefined;
    }
  }
}
