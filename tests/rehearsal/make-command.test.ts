import assert from "node:assert/strict";
import { UserError } from "../../rehearsal/errors.ts";
import type { RunOptions } from "../../rehearsal/session/options.ts";
import { makeCommand } from "../../rehearsal/session/make-command.ts";
import { requireKnown } from "../../rehearsal/session/session.ts";

describe("a make command to copy", () => {
  it("names the stack, unless it is the one that `make` takes by itself, and the cluster", () => {
    assert.equal(makeCommand({ stack: "local" }, "up"), "make up");
    assert.equal(makeCommand({ stack: "hc1" }, "up"), "make up STACK=hc1");
    assert.equal(
      makeCommand({ stack: "local", kubeconfig: "/k", context: "lab" }, "down"),
      "make down KUBECONFIG=/k CONTEXT=lab",
    );
  });

  it("brings up the very stack that is not up", () => {
    const options = { stack: "never-up" } as RunOptions;
    assert.throws(
      () => requireKnown(options),
      (error) =>
        error instanceof UserError &&
        error.message === 'The stack "never-up" is not up. Bring it up with `make up STACK=never-up`.',
    );
  });
});
