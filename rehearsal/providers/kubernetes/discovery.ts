/** Which kinds the API server knows, and where it serves them. */
import { hasStatus } from "../../kubernetes/kubernetes-error.ts";
import { listAt, textAt, type Mapping } from "./values.ts";

/** A kind of object, as one API server serves it. */
export interface ServedKind {
  readonly kind: string;
  readonly namespaced: boolean;
  /** The path of all its objects, in one namespace where it has them. */
  collection(namespace: string | undefined): string;
}

/** Asks the API server for one path. */
export type Get = (path: string) => Promise<unknown>;

/**
 * The kinds that an API server knows, asked for once by group and version. A kind that is missing is asked for again each time,
 * for the custom resource definition that brings it may have been created meanwhile.
 */
export class Discovery {
  readonly #get: Get;
  readonly #groups = new Map<string, Promise<ReadonlyMap<string, ServedKind>>>();
  readonly #pending = new Map<string, Promise<ReadonlyMap<string, ServedKind>>>();

  constructor(get: Get) {
    this.#get = get;
  }

  /** The kind as it is served; undefined when the server does not know it (yet). */
  async find(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const known = (await this.#groups.get(apiVersion))?.get(kind);
    return known ?? (await this.#ask(apiVersion)).get(kind);
  }

  /** Asks the server for a group and version; those who want the same at the same time share one answer. */
  #ask(apiVersion: string): Promise<ReadonlyMap<string, ServedKind>> {
    const pending = this.#pending.get(apiVersion);
    if (pending !== undefined) return pending;
    const answer = this.#load(apiVersion);
    this.#pending.set(apiVersion, answer);
    answer.then(
      () => this.#groups.set(apiVersion, answer),
      () => undefined,
    );
    void answer.catch(() => undefined).then(() => this.#pending.delete(apiVersion));
    return answer;
  }

  async #load(apiVersion: string): Promise<ReadonlyMap<string, ServedKind>> {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    try {
      const resources = listAt(await this.#get(root), "resources");
      // What has a slash in its name is a subresource, such as `deployments/scale`.
      const served = resources.filter((resource) => textAt(resource, "name")?.includes("/") === false);
      return new Map(served.map((resource) => [textAt(resource, "kind") ?? "", servedKind(root, resource)]));
    } catch (error) {
      if (hasStatus(error, 404)) return new Map();
      throw error;
    }
  }
}

function servedKind(root: string, resource: Mapping): ServedKind {
  const plural = textAt(resource, "name") ?? "";
  const namespaced = resource.namespaced === true;
  return {
    kind: textAt(resource, "kind") ?? "",
    namespaced,
    collection: (namespace) =>
      namespaced && namespace !== undefined
        ? `${root}/namespaces/${namespace}/${plural}`
        : `${root}/${plural}`,
  };
}
