import assert from "node:assert/strict";
import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import type { CloudPool } from "../../../config/sections/pools.ts";
import { isReplaced, makeServers, serverOptions } from "../../../infra/clouds/server-options.ts";
import { TestEngine } from "../../rehearsal/providers/engine.ts";

interface Settings {
  readonly replace?: readonly string[];
  readonly userData?: string;
}

/** Three protected servers as the clouds make them; a command stands for a server, its environment for the labels. */
function program({ replace = [], userData = "first" }: Settings = {}) {
  return async () => {
    const parent = new pulumi.ComponentResource("uap:infra:Test", "test");
    const pool = { name: "worker", replace } as unknown as CloudPool;
    makeServers(
      [1, 2, 3].map((number) => ({ name: `worker-${number}`, pool })),
      (node, after) => {
        const resource = new Command(
          node.name,
          {
            create: "true",
            triggers: [userData],
            environment: { NAME: node.name, ...(isReplaced(node) ? { REPLACE: "true" } : {}) },
          },
          {
            ...serverOptions(parent, { protect: true }, node, ["triggers"], "environment.REPLACE"),
            dependsOn: [...after],
          },
        );
        return { made: node, resource };
      },
    );
    return Promise.resolve({});
  };
}

describe("options of servers, on the real engine", function () {
  this.timeout(120_000);
  let engine: TestEngine;
  before(async () => {
    engine = await TestEngine.open();
    await engine.up(program());
  });
  after(() => engine.close());

  it("keep a server when its user-data changes", async () => {
    const { changes } = await engine.up(program({ userData: "second" }));
    assert.deepEqual(changes, {});
  });

  it("create the node anew that is listed, though it is protected, and no other", async () => {
    const { changes } = await engine.up(program({ userData: "second", replace: ["worker-2"] }));
    assert.deepEqual(changes, {
      "create-replacement": ["worker-2"],
      "delete-replaced": ["worker-2"],
      replace: ["worker-2"],
    });
    // From the configuration of this moment, though it is ignored otherwise.
    assert.match(await engine.state(), /"triggers":\s*\[\s*"second"/);
  });

  it("do nothing while the node stays in the list, whatever is edited", async () => {
    const { changes } = await engine.up(program({ userData: "third", replace: ["worker-2"] }));
    assert.deepEqual(changes, {});
  });

  it("replace nothing when the node leaves the list", async () => {
    const { changes } = await engine.up(program({ userData: "third" }));
    assert.deepEqual(changes, { update: ["worker-2"] });
  });

  it("replace it again when it is listed again, and several one by one", async () => {
    const { changes } = await engine.up(program({ replace: ["worker-1", "worker-2"] }));
    assert.deepEqual(changes.replace, ["worker-1", "worker-2"]);
  });

  it("refuse to lose a server that is no longer in the configuration", async () => {
    await assert.rejects(
      engine.up(async () => Promise.resolve({})),
      /worker-3[^]*protect/,
    );
  });
});
