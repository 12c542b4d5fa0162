/** Resources that a provider makes by itself, without a remote side: described by a table, served as a {@link Provider}. */
import type { z } from "zod";
import { differences, topLevel } from "./difference.ts";
import {
  containsUnknown,
  unknownValue,
  type CheckFailure,
  type DiffRequest,
  type DiffResult,
  type Properties,
  type PropertyChange,
  type Provider,
} from "./provider.ts";
import { sdkVersion } from "./sdk.ts";
import { secret } from "./secret.ts";

/** What the life of one kind of resource consists of. */
export interface Definition<Inputs extends z.ZodObject> {
  /** The inputs with their defaults. */
  readonly inputs: Inputs;
  /** What is wrong with inputs that are each valid by themselves. */
  readonly problems?: (inputs: z.output<Inputs>) => readonly CheckFailure[];
  /** Names of the outputs that are known after creation only. */
  readonly computed: readonly string[];
  /** Names of the properties that are secret whatever the user says. */
  readonly secret?: readonly string[];
  /** Inputs that change in place; a change of any other replaces the resource. @default none */
  readonly updatable?: readonly string[];

  /** @returns the id, and the computed outputs. */
  create(inputs: z.output<Inputs>): Promise<Made> | Made;
  /** @returns the computed outputs after a change in place. @default those of before */
  update?(inputs: z.output<Inputs>, state: Properties): Promise<Properties> | Properties;
  /** Names of computed outputs that will be known after an update only. @default none */
  readonly changedByUpdate?: readonly string[];
  delete?(inputs: z.output<Inputs>, state: Properties): Promise<void>;
  /** Outputs that time has changed. */
  refresh?(inputs: z.output<Inputs>, state: Properties): Properties;
  /** The output that says that the resource is used up and must be replaced, such as an expired certificate's. */
  worn?(inputs: z.output<Inputs>, state: Properties): string | undefined;
  /** Takes over something that exists. @default refused */
  import?(id: string): Promise<Imported> | Imported;
}

export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

export interface Imported extends Made {
  readonly inputs: Properties;
}

/** A provider without the plugin's part of the protocol, for one kind of resource. */
export type Resource = Pick<Provider, "check" | "diff" | "create" | "read" | "update" | "delete">;

/** A provider of the resources in the table, by type token, and of the functions, by function token. */
export function providerOf(
  name: string,
  resources: Readonly<Record<string, Resource>>,
  functions: Readonly<Record<string, (args: Properties) => Promise<Properties>>> = {},
): Provider {
  const of = (type: string): Resource => {
    const found = resources[type];
    if (found === undefined) throw new Error(notInRehearsal(name, type));
    return found;
  };
  return {
    name,
    version: sdkVersion(name),
    check: async (request) => of(request.type).check(request),
    diff: async (request) => of(request.type).diff(request),
    create: async (request) => of(request.type).create(request),
    read: async (request) => of(request.type).read(request),
    update: async (request) => of(request.type).update(request),
    delete: async (request) => of(request.type).delete(request),
    invoke: async (token, args) => {
      const found = functions[token];
      if (found === undefined) throw new Error(notInRehearsal(name, token));
      return found(args);
    },
  };
}

/** Why a type or function of the real provider does not work, and what to do about it. */
export function notInRehearsal(provider: string, token: string): string {
  return (
    `${token} is not in the rehearsal: its stand-in for the provider "${provider}" does not have it. ` +
    `Install the official plugin with "pulumi plugin install resource ${provider} ${sdkVersion(provider)}"; it is used when present.`
  );
}

/** Makes the protocol's operations of a definition. */
export function resource<Inputs extends z.ZodObject>(definition: Definition<Inputs>): Resource {
  const { inputs: schema, computed } = definition;
  const parse = (inputs: Properties): z.output<Inputs> => schema.parse(inputs);
  const sealed = (state: Properties): Properties => withSecrets(state, definition.secret ?? []);
  const unknown = (names: readonly string[]): Properties =>
    Object.fromEntries(names.map((name) => [name, unknownValue]));
  const computedIn = (state: Properties): Properties => pick(state, computed);

  return {
    async check({ news }) {
      return Promise.resolve({ inputs: news, failures: failuresOf(definition, news) });
    },

    async diff(request) {
      return Promise.resolve(diffOf(definition, request));
    },

    async create({ inputs, preview }) {
      if (preview)
        return { id: "", state: sealed({ ...withDefaults(schema, inputs), ...unknown(computed) }) };
      const parsed = parse(inputs);
      const { id, outputs } = await definition.create(parsed);
      return { id, state: sealed({ ...parsed, ...outputs }) };
    },

    async read({ id, inputs, state, type }) {
      if (Object.keys(state).length === 0) {
        if (definition.import === undefined) throw new Error(`${type} cannot be imported: create a new one.`);
        const imported = await definition.import(id);
        const outputs = { ...parse(imported.inputs), ...imported.outputs };
        return { id: imported.id, state: sealed(outputs), inputs: imported.inputs };
      }
      const refreshed = definition.refresh?.(parse(inputs), state) ?? {};
      return { id, state: sealed({ ...state, ...refreshed }), inputs };
    },

    async update({ newInputs, oldState, preview }) {
      const kept = computedIn(oldState);
      if (preview) {
        return sealed({
          ...withDefaults(schema, newInputs),
          ...kept,
          ...unknown(definition.changedByUpdate ?? []),
        });
      }
      const parsed = parse(newInputs);
      return sealed({ ...parsed, ...kept, ...(await definition.update?.(parsed, oldState)) });
    },

    async delete({ oldInputs, state }) {
      await definition.delete?.(parse(oldInputs), state);
    },
  };
}

function failuresOf<Inputs extends z.ZodObject>(
  { inputs: schema, problems }: Definition<Inputs>,
  inputs: Properties,
): readonly CheckFailure[] {
  const { error, data } = tolerating(schema, inputs).safeParse(known(inputs));
  if (error) {
    return error.issues.map(({ path, message }) => ({ property: path.join("."), reason: message }));
  }
  // What is not known yet is looked at when it is: the engine checks again before it creates.
  return containsUnknown(inputs) ? [] : (problems?.(data as z.output<Inputs>) ?? []);
}

function diffOf<Inputs extends z.ZodObject>(
  definition: Definition<Inputs>,
  request: DiffRequest,
): DiffResult {
  const { inputs: schema, updatable = [] } = definition;
  const old = withDefaults(schema, request.oldInputs);
  const detailed: Record<string, PropertyChange> = {};
  for (const { path, change } of differences(old, withDefaults(schema, request.newInputs))) {
    detailed[path] = updatable.includes(topLevel(path)) ? change : `${change}-replace`;
  }
  const worn = definition.worn?.(schema.parse(request.oldInputs), request.oldState);
  if (worn !== undefined) detailed[worn] = "update-replace";
  const replaces = Object.keys(detailed).filter((path) => detailed[path]?.endsWith("-replace"));
  return { changes: Object.keys(detailed).length > 0, replaces, detailed };
}

/** The inputs with defaults where they are missing; unknown ones stay unknown. */
function withDefaults(schema: z.ZodObject, inputs: Properties): Properties {
  return { ...tolerating(schema, inputs).parse(known(inputs)), ...pick(inputs, unknownNames(inputs)) };
}

/** The schema for the known inputs alone. */
function tolerating(schema: z.ZodObject, inputs: Properties): z.ZodObject {
  const names = unknownNames(inputs).filter((name) => name in schema.shape);
  const mask: Record<string, true> = Object.fromEntries(names.map((name) => [name, true]));
  return names.length === 0 ? schema : schema.omit(mask);
}

function known(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => !containsUnknown(value)));
}

function unknownNames(inputs: Properties): readonly string[] {
  return Object.keys(inputs).filter((name) => containsUnknown(inputs[name]));
}

function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

function withSecrets(state: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => [name, names.includes(name) ? secret(value) : value]),
  );
}
