import type { GraphResource } from "./mock-engine.ts";
import { objectOf, type KubernetesObject } from "./objects.ts";

/** A program's resources, and what waits for what. */
export class Graph {
  readonly resources: readonly GraphResource[];
  readonly #byUrn: ReadonlyMap<string, GraphResource>;
  readonly #before = new Map<string, ReadonlySet<string>>();

  constructor(resources: readonly GraphResource[]) {
    this.resources = resources;
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  /** The Kubernetes objects, each with its resource. */
  get objects(): { readonly resource: GraphResource; readonly object: KubernetesObject }[] {
    return this.resources.flatMap((resource) => {
      const object = objectOf(resource);
      return object ? [{ resource, object }] : [];
    });
  }

  /** What a resource itself waits for: its dependencies, its provider, and its parent's. */
  directly({ dependencies, parent, provider }: GraphResource): GraphResource[] {
    return [...dependencies, ...(provider ? [provider] : []), ...(parent ? [parent] : [])].flatMap(
      (urn) => this.#byUrn.get(urn) ?? [],
    );
  }

  /** Whether a resource is there only after another one, however many stand in between. */
  waitsFor(resource: GraphResource, other: GraphResource): boolean {
    return this.#allBefore(resource).has(other.urn);
  }

  /** Everything that a resource waits for, directly or not. */
  before(resource: GraphResource): GraphResource[] {
    return [...this.#allBefore(resource)].flatMap((urn) => this.#byUrn.get(urn) ?? []);
  }

  #allBefore(resource: GraphResource): ReadonlySet<string> {
    const known = this.#before.get(resource.urn);
    if (known) return known;
    const all = new Set<string>();
    // Before it is complete, so that a circle ends.
    this.#before.set(resource.urn, all);
    for (const one of this.directly(resource)) {
      all.add(one.urn);
      for (const urn of this.#allBefore(one)) all.add(urn);
    }
    return all;
  }

  /** The component of the program that a resource is a part of; itself, if none. */
  top(resource: GraphResource): GraphResource {
    const parent = this.#byUrn.get(resource.parent);
    return parent ? this.top(parent) : resource;
  }

  /** Resources that wait for themselves, by way of others. */
  circles(): string[] {
    return this.resources.filter((resource) => this.waitsFor(resource, resource)).map(({ urn }) => urn);
  }
}
