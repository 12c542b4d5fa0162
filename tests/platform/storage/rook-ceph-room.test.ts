import assert from "node:assert/strict";
import { fileSizeOn } from "../../../platform/storage/rook-ceph/room.ts";
import { inputsOf, runWith } from "./storage-program.ts";

const node = (name: string, disk: number) => ({
  name,
  milliCpu: 1000,
  memory: 2 ** 30,
  disk: disk * 2 ** 30,
});

describe("the room for Ceph's files", () => {
  it("is a third of the smallest disk, or what was asked for", () => {
    const nodes = [node("a", 320), node("b", 160)];
    assert.equal(fileSizeOn(undefined, nodes), "53Gi");
    assert.equal(fileSizeOn("20Gi", nodes), "20Gi");
  });

  it("is what the nodes reserve", async () => {
    const pods = JSON.stringify(
      inputsOf(await runWith({ "rook-ceph": true }), ":DaemonSet", "rook-ceph-files"),
    );
    assert.match(pods, new RegExp(`fallocate --length ${333 * 2 ** 30} `));
  });

  it("is refused before anything is created where a disk has too little", () =>
    assert.rejects(
      runWith({ "rook-ceph": { disks: { kind: "files", size: "900Gi" } } }),
      /"900Gi"\n\s+is too big for a file on every node: it would fill more than 80 %[^]*-1\s+\(1000Gi\),/,
    ));
});
