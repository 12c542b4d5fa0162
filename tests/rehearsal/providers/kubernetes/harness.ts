/** The provider as the engine uses it, without the engine. */
import { randomBytes } from "node:crypto";

import { defaultPatience, type Patience } from "../../../../rehearsal/providers/kubernetes/cluster.ts";
import { KubernetesProvider } from "../../../../rehearsal/providers/kubernetes/provider.ts";
import type { DiffResult, Properties } from "../../../../rehearsal/providers/protocol/provider.ts";
import { revealed } from "../../../../rehearsal/providers/protocol/secret.ts";
import { testCluster } from "./cluster.ts";

/** A resource as the engine's state keeps it. */
export interface Resource {
  readonly name: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

/** Does what the engine does with one resource after the other. */
export class Harness {
  readonly provider: KubernetesProvider;

  constructor(provider: KubernetesProvider) {
    this.provider = provider;
  }

  /** A provider for the test cluster. @param config further configuration */
  static async open(config: Properties = {}, patience: Partial<Patience> = {}): Promise<Harness> {
    const { running } = await testCluster();
    const provider = new KubernetesProvider({ ...defaultPatience, ...patience });
    await provider.configure({ kubeconfig: running.kubeconfig, ...config });
    return new Harness(provider);
  }

  /** Checks inputs; fails on what check finds. */
  async check(name: string, news: Properties, old?: Resource, type = typeOf(news)): Promise<Properties> {
    const request = { ...resource(name, type), olds: old?.inputs, news, randomSeed: randomBytes(32) };
    const { inputs, failures = [] } = await this.provider.check(request);
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("\n"));
    return inputs;
  }

  async preview(name: string, news: Properties, type = typeOf(news)): Promise<Properties> {
    const inputs = await this.check(name, news, undefined, type);
    return (await this.provider.create({ ...resource(name, type), inputs, timeout: 0, preview: true })).state;
  }

  async create(name: string, news: Properties, type = typeOf(news)): Promise<Resource> {
    const inputs = await this.check(name, news, undefined, type);
    const { id, state } = await this.provider.create({
      ...resource(name, type),
      inputs,
      timeout: 0,
      preview: false,
    });
    return { name, type, id, inputs, state: kept(state) };
  }

  async diff(old: Resource, news: Properties, ignoreChanges: readonly string[] = []): Promise<DiffResult> {
    return this.provider.diff(await this.#change(old, news, ignoreChanges));
  }

  async previewUpdate(old: Resource, news: Properties): Promise<Properties> {
    return this.provider.update({ ...(await this.#change(old, news, [])), timeout: 0, preview: true });
  }

  async update(old: Resource, news: Properties, ignoreChanges: readonly string[] = []): Promise<Resource> {
    const change = await this.#change(old, news, ignoreChanges);
    const state = await this.provider.update({ ...change, timeout: 0, preview: false });
    return { ...old, inputs: change.newInputs, state: kept(state) };
  }

  async refresh(old: Resource): Promise<Resource | undefined> {
    const { id, inputs, state } = old;
    const found = await this.provider.read({ ...resource(old.name, old.type), id, inputs, state });
    return found === undefined ? undefined : { ...old, inputs: kept(found.inputs), state: kept(found.state) };
  }

  async import(type: string, id: string): Promise<Resource | undefined> {
    const found = await this.provider.read({ ...resource("imported", type), id, inputs: {}, state: {} });
    return found === undefined
      ? undefined
      : { name: "imported", type, id, inputs: kept(found.inputs), state: kept(found.state) };
  }

  async delete({ id, inputs, state, ...rest }: Resource, timeout = 0): Promise<void> {
    await this.provider.delete({ ...resource(rest.name, rest.type), id, oldInputs: inputs, state, timeout });
  }

  async #change(old: Resource, news: Properties, ignoreChanges: readonly string[]) {
    const newInputs = await this.check(old.name, news, old, old.type);
    const { id, inputs: oldInputs, state: oldState } = old;
    return { ...resource(old.name, old.type), id, oldInputs, oldState, newInputs, ignoreChanges };
  }
}

function resource(name: string, type: string) {
  return { urn: `urn:pulumi:test::test::${type}::${name}`, type, name };
}

/** The type token that the SDK gives to an object. */
function typeOf({ apiVersion, kind }: Properties): string {
  const version = String(apiVersion);
  return `kubernetes:${version === "v1" ? "core/v1" : version}:${String(kind)}`;
}

/** What comes back from the state: without the marks of secrets. */
function kept(properties: Properties): Properties {
  return revealed(properties) as Properties;
}
