import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { StorageRoles } from "../../../platform/storage/roles.ts";

/** The value of an output that is known. */
function valueOf<Value>(output: pulumi.Output<Value> | undefined): Promise<Value> {
  return new Promise((resolve) => {
    output?.apply(resolve);
  });
}

describe("the classes by role", () => {
  it("are those that systems make, which whoever claims a volume waits for", async () => {
    const made = pulumi.output(Promise.resolve("longhorn"));
    const roles = new StorageRoles({ block: "longhorn" }, { longhorn: made }, false);
    assert.equal(roles.classFor("block"), made);
    assert.equal(await valueOf(roles.classFor("block")), "longhorn");
  });

  it("are names alone where the cluster brings the class", async () => {
    const roles = new StorageRoles({ local: "local-path" }, {}, false);
    assert.equal(await valueOf(roles.classFor("local")), "local-path");
  });

  it("are the default class of a cluster that was there before, but for what is shared", () => {
    const roles = new StorageRoles({}, {}, true);
    assert.equal(roles.classFor("block"), undefined);
    assert.throws(() => roles.classFor("shared"), pulumi.RunError);
  });

  it("are refused with a remedy where nothing can play the role", () => {
    assert.throws(
      () => new StorageRoles({ block: "local-path" }, {}, false).classFor("shared"),
      (error) => error instanceof pulumi.RunError && /`shared`.*Switch on nfs, longhorn/.test(error.message),
    );
  });
});
