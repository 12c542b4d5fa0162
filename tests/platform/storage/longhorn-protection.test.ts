import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Longhorn } from "../../../platform/storage/longhorn/longhorn.ts";
import { valueOf } from "../../support/components.ts";

interface Monitor {
  registerResource(request: { getType(): string; getProtect(): boolean }, callback: unknown): Promise<void>;
}

/** Whether Longhorn's class is protected. */
async function isProtected(source: "upstream" | "facts", teardown: boolean, asked: boolean) {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as Record<string, unknown> }),
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "uap",
    "test",
    false,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  let found: boolean | undefined;
  monitor.registerResource = (request, callback) => {
    if (request.getType().endsWith(":StorageClass")) found = request.getProtect();
    return register(request, callback);
  };
  const longhorn = new Longhorn({
    place: {
      provider: new kubernetes.Provider("cluster"),
      namespace: pulumi.output("longhorn-system"),
      charts: { source },
    },
    settings: { size: "small", copies: 3, teardown },
    kept: { snapshots: 0, backups: 0 },
    backupTarget: undefined,
    page: { host: "longhorn.test", ingress: undefined, ingressController: { kind: "world" } },
    isProtected: asked,
    monitoring: undefined,
  });
  await valueOf(longhorn.storageClass);
  await pulumi.runtime.disconnect();
  return found;
}

describe("Longhorn's class", () => {
  it("may go only after the teardown, since nothing else lets Longhorn's own objects go", async () => {
    assert.equal(await isProtected("upstream", false, false), true);
    assert.equal(await isProtected("upstream", true, false), false);
  });

  it("may not go while the stack is protected, teardown or not", async () => {
    assert.equal(await isProtected("upstream", true, true), true);
  });

  it("may go with a simulated Longhorn, which holds up nothing", async () => {
    assert.equal(await isProtected("facts", false, false), false);
  });
});
