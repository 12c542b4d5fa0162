/** Resources of a simulated cloud as the engine sees them. */
import { createHash } from "node:crypto";
import type { z } from "zod";
import { resource, type Resource } from "../providers/protocol/resource.ts";
import type { CheckRequest, DiffResult, Properties } from "../providers/protocol/provider.ts";
import { CloudClient } from "./client.ts";
import { CloudError } from "./cloud-error.ts";
import type { CloudResource, SimulatedCloud } from "./inventory.ts";

/** One kind of resource: its shape, and what may change in place. The cloud's own rules are the service's. */
export interface CloudDefinition<Inputs extends z.ZodObject> {
  readonly cloud: SimulatedCloud;
  /** The last part of the type token's module, such as `server`. */
  readonly kind: string;
  readonly inputs: Inputs;
  /** Inputs that change in place; a change of any other replaces the resource. @default none */
  readonly updatable?: readonly string[];
  /** Outputs that are known after creation only. @default none */
  readonly computed?: readonly string[];
  /** Inputs that the cloud never tells again, such as user-data. @default none */
  readonly untold?: readonly string[];
  /** Whether a missing name is made of the resource's logical one, as Pulumi's bridged providers do. @default false */
  readonly autoname?: boolean;
}

/** Makes the protocol's operations of a definition. */
export function cloudResource<Inputs extends z.ZodObject>(definition: CloudDefinition<Inputs>): Resource {
  const { cloud, kind, untold = [], computed = [] } = definition;
  const client = new CloudClient(cloud);
  const planned = resource({
    inputs: definition.inputs,
    computed,
    updatable: definition.updatable ?? [],
    create: () => {
      throw new Error("Plans create nothing.");
    },
  });
  const parse = (inputs: Properties) => definition.inputs.parse(inputs) as Properties;

  return {
    async check(request) {
      // Old inputs mean that the engine has it in its state.
      if (request.olds !== undefined) await client.record(request.urn);
      return planned.check({ ...request, news: named(definition, request) });
    },

    async diff(request) {
      const result = await planned.diff(request);
      return { ...result, deleteBeforeReplace: keepsName(result, request.oldInputs, request.newInputs) };
    },

    async create(request) {
      if (request.preview) {
        const { id, state } = await planned.create(request);
        // What is both input and output is known when it was given.
        return { id, state: { ...state, ...request.inputs } };
      }
      const inputs = parse(request.inputs);
      const made = await explained(`${kind} "${request.name}" was not created`, () =>
        client.create(kind, request.urn, inputs),
      );
      return { id: made.id, state: { ...inputs, ...made.outputs } };
    },

    async read({ id, inputs: known }) {
      const found = await explained(`${kind} ${id} was not read`, () => client.read(kind, id));
      if (found === undefined) return undefined;
      const inputs = told(found, untold, known);
      return { id, inputs, state: { ...inputs, ...found.outputs } };
    },

    async update(request) {
      if (request.preview) return { ...(await planned.update(request)), ...request.newInputs };
      const inputs = parse(request.newInputs);
      const changed = await explained(`${kind} "${request.name}" was not changed`, () =>
        client.update(kind, request.id, inputs),
      );
      return { ...inputs, ...changed.outputs };
    },

    async delete({ id, name }) {
      await explained(`${kind} "${name}" was not deleted`, () => client.delete(kind, id));
    },
  };
}

/** The inputs as the cloud tells them; what it never tells is taken from those that are known. */
function told({ inputs }: CloudResource, untold: readonly string[], known: Properties): Properties {
  const entries = Object.entries(inputs).filter(([name]) => !untold.includes(name));
  const kept = Object.entries(known).filter(([name]) => untold.includes(name));
  return Object.fromEntries([...entries, ...kept]);
}

/** A name is drawn once: `<logical name>-<7 hexadecimal digits>`. */
function named<Inputs extends z.ZodObject>(
  { autoname = false }: CloudDefinition<Inputs>,
  { news, olds, name, randomSeed }: CheckRequest,
): Properties {
  if (!autoname || news.name !== undefined) return news;
  const digits = createHash("sha256").update(randomSeed).digest("hex").slice(0, 7);
  return { ...news, name: olds?.name ?? `${name}-${digits}` };
}

/** Two resources of the same name cannot stand side by side: the old one goes first. */
function keepsName({ replaces = [] }: DiffResult, old: Properties, fresh: Properties): boolean {
  return replaces.length > 0 && fresh.name !== undefined && old.name === fresh.name;
}

async function explained<Result>(what: string, operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    throw new Error(`The ${what} (${error.status}): ${error.message}`, { cause: error });
  }
}
