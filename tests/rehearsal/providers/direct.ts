/** Calls a provider as the engine does, without the engine: for what does not depend on it. */
import type { DiffResult, Properties, Provider } from "../../../rehearsal/providers/protocol/provider.ts";
import { revealed } from "../../../rehearsal/providers/protocol/secret.ts";

/** A resource as the engine keeps it, with its secrets in clear. */
export interface Kept {
  readonly type: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

/** The reasons why the provider does not accept the inputs. */
export async function refusals(
  provider: Provider,
  type: string,
  news: Properties,
): Promise<readonly string[]> {
  const { failures = [] } = await provider.check({
    ...named(type),
    olds: undefined,
    news,
    randomSeed: new Uint8Array(),
  });
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

/** Checks and creates. */
export async function created(provider: Provider, type: string, inputs: Properties): Promise<Kept> {
  const reasons = await refusals(provider, type, inputs);
  if (reasons.length > 0) throw new Error(reasons.join("; "));
  const { id, state } = await provider.create({ ...named(type), inputs, timeout: 0, preview: false });
  return { type, id, inputs, state: revealed(state) as Properties };
}

/** What the provider would do to give the resource these inputs. */
export async function difference(
  provider: Provider,
  { type, id, inputs, state }: Kept,
  newInputs: Properties,
): Promise<DiffResult> {
  return provider.diff({
    ...named(type),
    id,
    oldInputs: inputs,
    oldState: state,
    newInputs,
    ignoreChanges: [],
  });
}

/** Updates in place. */
export async function updated(provider: Provider, kept: Kept, newInputs: Properties): Promise<Kept> {
  const { type, id, inputs, state } = kept;
  const request = {
    id,
    oldInputs: inputs,
    oldState: state,
    newInputs,
    timeout: 0,
    ignoreChanges: [],
    preview: false,
  };
  const fresh = await provider.update({ ...named(type), ...request });
  return { ...kept, inputs: newInputs, state: revealed(fresh) as Properties };
}

/** Reads again, or takes over what has only an id. */
export async function read(
  provider: Provider,
  kept: Partial<Kept> & Pick<Kept, "type" | "id">,
): Promise<Kept> {
  const { type, id, inputs = {}, state = {} } = kept;
  const found = await provider.read({ ...named(type), id, inputs, state });
  if (found === undefined) throw new Error("The provider says that it does not exist.");
  return { type, id: found.id, inputs: found.inputs, state: revealed(found.state) as Properties };
}

function named(type: string): { readonly type: string; readonly urn: string; readonly name: string } {
  return { type, name: "thing", urn: `urn:pulumi:test::providers::${type}::thing` };
}
