import * as pulumi from "@pulumi/pulumi";

/** A resource that a component registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** Plain values, secrets too. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The inputs that are kept secret. */
  readonly secretInputs: readonly string[];
  readonly options: pulumi.CustomResourceOptions;
}

/** A look-up that a component made. */
export interface Call {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Run<Result> {
  /** The cloud's resources, sorted by type and name; without the component itself. */
  readonly resources: readonly Registered[];
  readonly calls: readonly Call[];
  readonly result: Result;
}

/** What the cloud would answer. */
export interface Answers {
  /** What a resource has beside its inputs. @default nothing */
  readonly state?: (resource: { readonly type: string; readonly name: string }) => Record<string, unknown>;
  /** The answer to a look-up; throws what the provider would refuse. @default the inputs */
  readonly lookUp?: (call: Call) => Record<string, unknown>;
}

/** Pulumi's mark of a secret among serialized values. */
const signature = "4dabf18193072939515e22adb298388d";

/** Builds components without an engine, and collects what they register and look up. Ids are numbers, as some clouds want them. */
export async function runComponents<Result>(
  build: (options: pulumi.ComponentResourceOptions) => Result,
  { state = () => ({}), lookUp = ({ inputs }) => inputs }: Answers = {},
): Promise<Run<Result>> {
  const resources: Registered[] = [];
  const calls: Call[] = [];
  const options = new Map<string, pulumi.CustomResourceOptions>();
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        const { plain, secretInputs } = unwrapped(inputs as Record<string, unknown>);
        if (custom === true) {
          resources.push({
            type,
            name,
            inputs: plain,
            secretInputs,
            options: options.get(`${type} ${name}`) ?? {},
          });
        }
        return { id: String(1000 + resources.length), state: { ...plain, ...state({ type, name }) } };
      },
      call({ token, inputs }) {
        const call = { token, inputs: inputs as Record<string, unknown> };
        calls.push(call);
        return lookUp(call);
      },
    },
    "uap",
    "test",
    false,
  );
  const observe: pulumi.ResourceTransformation = ({ type, name, opts }) => {
    options.set(`${type} ${name}`, opts);
    return undefined;
  };
  const result = build({ transformations: [observe] });
  await pulumi.runtime.disconnect();
  const key = ({ type, name }: Registered) => `${type} ${name}`;
  return { resources: resources.toSorted((a, b) => key(a).localeCompare(key(b))), calls, result };
}

/** The value of an output. */
export function valueOf<Value>(output: pulumi.Input<Value>): Promise<pulumi.Unwrap<Value>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve);
  });
}

function unwrapped(inputs: Readonly<Record<string, unknown>>) {
  const isSecret = (value: unknown): value is { readonly value: unknown } =>
    typeof value === "object" && value !== null && signature in value;
  const entries = Object.entries(inputs);
  return {
    plain: Object.fromEntries(entries.map(([key, value]) => [key, isSecret(value) ? value.value : value])),
    secretInputs: entries.filter(([, value]) => isSecret(value)).map(([key]) => key),
  };
}
