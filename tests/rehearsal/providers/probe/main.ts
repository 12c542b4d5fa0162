/** A provider that does what its inputs say, to see how the engine takes each answer. */
import { writeFileSync } from "node:fs";
import { differences } from "../../../../rehearsal/providers/protocol/difference.ts";
import { InitializationError, unknownValue } from "../../../../rehearsal/providers/protocol/provider.ts";
import { secret } from "../../../../rehearsal/providers/protocol/secret.ts";
import { serve } from "../../../../rehearsal/providers/protocol/serve.ts";

let configuredSize = -1;

await serve({
  name: "probe",
  version: "1.0.0",
  configure: async (config) => {
    configuredSize = Object.keys(config).filter((name) => name !== "version").length;
    if (config.token !== undefined && config.token !== "clear-token")
      throw new Error("the token is not clear");
    return Promise.resolve();
  },
  check: async ({ news }) => {
    const failures = news.invalid === true ? [{ property: "invalid", reason: "is not to be true" }] : [];
    return Promise.resolve({ inputs: news, failures });
  },
  diff: async ({ oldInputs, newInputs }) => {
    const found = differences(oldInputs, newInputs);
    const replaces = found.map(({ path }) => path).filter((path) => path.startsWith("fixed"));
    const detailed = Object.fromEntries(
      found.map(({ path, change }) => [
        path,
        replaces.includes(path) ? (`${change}-replace` as const) : change,
      ]),
    );
    return Promise.resolve({ changes: found.length > 0, replaces, detailed, deleteBeforeReplace: true });
  },
  create: async ({ inputs, preview, name, type }) => {
    if (preview) return { id: "", state: { ...inputs, made: unknownValue } };
    const state = {
      ...inputs,
      configuredSize,
      name,
      type,
      made: "made",
      coined: secret("coined-by-the-provider"),
    };
    if (typeof inputs.hangAndTell === "string") {
      writeFileSync(inputs.hangAndTell, `${process.pid} ${process.ppid}`);
      await new Promise(() => undefined);
    }
    if (inputs.fail === "at once") throw new Error("no such thing can be made");
    if (inputs.fail === "half-way") {
      throw new InitializationError("made, but not ready", { id: "half", state, inputs }, [
        "it has not become ready",
      ]);
    }
    return { id: "whole", state };
  },
  read: async ({ id, inputs, state }) => {
    return Promise.resolve(inputs.vanishes === true ? undefined : { id, inputs, state });
  },
  update: async ({ newInputs, oldState }) =>
    Promise.resolve({ ...oldState, ...newInputs, coined: secret(oldState.coined) }),
  delete: async () => Promise.resolve(),
  invoke: async (token, args) => Promise.resolve({ token, args }),
});
