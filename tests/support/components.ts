import * as pulumi from "@pulumi/pulumi";

/** A resource that a component registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A look-up that a component made. */
export interface Call {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Run<Result> {
  /** The providers' resources, without the component itself. */
  readonly resources: readonly Registered[];
  readonly calls: readonly Call[];
  readonly result: Result;
}

/**
 * Builds components without an engine, and collects what they register and look up.
 *
 * @param answer what every look-up answers
 */
export async function runComponents<Result>(
  build: () => Result,
  answer: Readonly<Record<string, unknown>> = {},
): Promise<Run<Result>> {
  const resources: Registered[] = [];
  const calls: Call[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, custom }) {
        const properties = inputs as Record<string, unknown>;
        if (custom === true) resources.push({ type, name, inputs: properties });
        return { id: `${name}-id`, state: properties };
      },
      call({ token, inputs }) {
        calls.push({ token, inputs: inputs as Record<string, unknown> });
        return answer;
      },
    },
    "uap",
    "test",
    false,
  );
  const result = build();
  await pulumi.runtime.disconnect();
  return { resources, calls, result };
}

/** The value of an output. */
export function valueOf<Value>(output: pulumi.Input<Value>): Promise<pulumi.Unwrap<Value>> {
  return new Promise((resolve) => {
    pulumi.output(output).apply(resolve);
  });
}
