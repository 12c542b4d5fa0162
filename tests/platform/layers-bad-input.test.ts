import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockedChart } from "../../platform/charts/lock.ts";
import { mirrorFile } from "../../platform/charts/source.ts";
import { withLockedCharts } from "../support/charts-lock.ts";
import { runProgram, type GraphResource } from "../support/mock-engine.ts";

type Fields = Readonly<Record<string, unknown>>;

const cluster = { kind: "existing", nodes: { count: 3, cpu: "16", memory: "64Gi", disk: "1000Gi" } };

/** A cluster of the program's own, which has no storage class unless a system makes one. */
const oneServer = {
  "uap:domain": "example.org",
  "uap:cluster": {},
  "uap:pools": [
    { name: "master", cloud: "hetzner", region: "nbg1", type: "cpx42", role: "control-plane", ingress: true },
  ],
  "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
  "uap:acme": { email: "ops@example.org" },
};

/** What a program with these systems is refused with. @throws AssertionError when it is accepted, or had begun to create something */
async function refusal(systems: Fields, more: Fields = {}): Promise<string> {
  const registered: GraphResource[] = [];
  const config = {
    "uap:cluster": cluster,
    "uap:platform": { preset: "minimal", systems: { portal: false, "cert-manager": false, ...systems } },
    ...more,
  };
  let refused: unknown;
  try {
    await runProgram("local", config, registered);
  } catch (error) {
    refused = error;
  }
  assert.ok(refused instanceof Error, "it was accepted");
  assert.deepEqual(
    registered.map(({ type, name }) => `${type} ${name}`),
    [],
  );
  assert.doesNotMatch(refused.message, /\.ts:\d/);
  return refused.message;
}

describe("what the cluster and storage layers cannot do is refused before anything is created", () => {
  it("a storage role that there is not", async () => {
    assert.match(
      await refusal({}, { "uap:storage": { fast: "local-path" } }),
      /uap:storage\.fast\s+is not a known key\. Known: block, local, .*shared/,
    );
  });

  it("a storage class of a system that is off", async () => {
    const message = await refusal({}, { "uap:storage": { block: "longhorn" } });
    assert.match(message, /storage\.block.*longhorn/);
  });

  it("volumes that nobody can make", async () => {
    assert.match(
      await refusal({ "object-store": true, "local-path": false }, oneServer),
      /needs volumes of the role `block`[^]*name a class of the cluster as `uap:storage\.block`/,
    );
  });

  it("volumes of a default class that there is not, for what comes up before any other class", async () => {
    assert.match(
      await refusal({ monitoring: true, longhorn: true, "local-path": false }, oneServer),
      /systems\.monitoring\s[^]*default\s+class,\s+which\s+is\s+local-path[^]*`local-path:\s+true`/,
    );
  });

  it("copies of objects without a place to go", async () => {
    assert.match(await refusal({ "object-store": { copy: "mirror" } }), /copy[^]*uap:backup\.s3/);
  });

  it("values of a system that its chart would refuse, by the options that they come from", async () => {
    assert.match(
      await refusal({ monitoring: { storage: "much" } }),
      /platform\.systems\.monitoring\.storage.*"much"/,
    );
    assert.match(await refusal({ keda: { replicas: 2 } }), /platform\.systems\.keda.*replicas/);
  });

  it("a system that lacks another one", async () => {
    assert.match(
      await refusal({ telegraf: true, influxdb: false }),
      /systems\.influxdb +false\s+is off, but telegraf needs it/,
    );
  });

  it("systems that are simulated outside a rehearsal", async () => {
    assert.match(
      await refusal({}, { "uap:charts": { source: "facts" } }),
      /uap:charts\.source +"facts"\s+simulates every chart[^]*Write\s+`upstream`/,
    );
  });

  it("NFS volumes without a server", async () => {
    assert.match(
      await refusal({ nfs: true }),
      /systems\.nfs\.server\s+is missing[^]*for example nfs\.example\.org/,
    );
  });

  it("a chart that the lock does not have", async () => {
    const message = await withLockedCharts({ keda: undefined }, () => refusal({ keda: true }));
    assert.match(message, /platform\/charts\.lock\.json[^]*keda/);
  });

  describe("a mirror of charts", () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "uap-mirror-"));
    });
    after(() => {
      rmSync(folder, { recursive: true });
    });
    const mirror = () => ({ "uap:charts": { source: "mirror", mirror: folder } });

    it("that lacks files, all of them at once", async () => {
      const message = await refusal({ keda: true, "sealed-secrets": true }, mirror());
      assert.match(message, /mirror[^]*keda-[^]*make charts/);
      assert.equal(message.match(/there\s+is\s+no\s+file/g)?.length, 2);
    });

    it("that has other files than those that were pinned", async () => {
      writeFileSync(mirrorFile("keda", folder), "another package");
      const pinned = (text: string) => ({
        ...lockedChart("keda"),
        digest: createHash("sha256").update(text).digest("hex"),
      });
      const message = await withLockedCharts({ keda: pinned("the package") }, () =>
        refusal({ keda: true }, mirror()),
      );
      assert.match(
        message,
        /keda-[^ ]*\.tgz\s+is\s+not\s+the\s+package\s+that\s+was\s+pinned[^]*make charts/,
      );
      const accepted = withLockedCharts({ keda: pinned("another package") }, () =>
        refusal({ keda: true }, mirror()),
      );
      await assert.rejects(accepted, /it was accepted/);
    });
  });
});
