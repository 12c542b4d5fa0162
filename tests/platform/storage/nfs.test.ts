import assert from "node:assert/strict";
import { catalogue } from "../../../platform/catalogue.ts";
import { nfsOptions } from "../../../platform/storage/nfs/options.ts";
import { nfsParameters, nfsValues } from "../../../platform/storage/nfs/nfs.ts";
import { inputsOf, runWith } from "./storage-program.ts";

describe("NFS volumes", () => {
  it("run no sidecar for snapshots, whose definitions nobody brings", () => {
    assert.equal((nfsValues("small").controller as { enableSnapshotter: boolean }).enableSnapshotter, false);
  });

  it("put each claim into a directory that people find", () => {
    assert.deepEqual(nfsParameters({ server: "nfs.example.org", share: "/srv/nfs" }), {
      server: "nfs.example.org",
      share: "/srv/nfs",
      subDir: "${pvc.metadata.namespace}/${pvc.metadata.name}-${pv.metadata.name}",
    });
  });

  it("come from the server that the stack names, since there is none that could be guessed", async () => {
    const server = { server: "filer.example.org", share: "/data" };
    const { parameters } = inputsOf(await runWith({ nfs: server }), ":StorageClass", "nfs") as {
      parameters: { server: string };
    };
    assert.equal(parameters.server, "filer.example.org");
    assert.ok(!nfsOptions.safeParse({}).success);
  });

  it("want the path of a directory", () => {
    assert.ok(!nfsOptions.safeParse({ server: "filer.example.org", share: "srv/nfs" }).success);
    assert.equal(nfsOptions.parse({ server: "filer.example.org" }).share, "/srv/nfs");
  });

  it("ask for little, on every node", () => {
    assert.deepEqual(
      catalogue.nfs.budget({ size: "small", server: "filer.example.org", share: "/srv/nfs" }),
      {
        cpu: "50m",
        memory: "112Mi",
        perNode: { cpu: "30m", memory: "72Mi" },
      },
    );
  });
});
