import assert from "node:assert/strict";

import { UserError } from "../../../rehearsal/errors.ts";
import { goVersionIn } from "../../../rehearsal/toolchain/go.ts";
import { hostPlatform } from "../../../rehearsal/toolchain/platform.ts";
import { versionIn } from "../../../rehearsal/toolchain/version.ts";

describe("a version in a program's answer", () => {
  const answers = {
    "v3.259.0\n": "3.259.0",
    "etcd Version: 3.6.14\nGit SHA: Not provided\nGo Version: go1.26.8\n": "3.6.14",
    "Kubernetes v1.36.4\n": "1.36.4",
    "Kubernetes v1.36.4+k3s1": "1.36.4+k3s1",
    "kwok version v0.8.0 go1.26.8 (linux/amd64)": "0.8.0",
    "v3.260.0-alpha.1+dirty": "3.260.0-alpha.1+dirty",
    "listening on 127.0.0.1:2379": undefined,
    "command not found": undefined,
  };
  for (const [answer, version] of Object.entries(answers)) {
    it(`is ${version ?? "nothing"} in ${JSON.stringify(answer)}`, () => {
      assert.equal(versionIn(answer), version);
    });
  }

  it("has three numbers for Go, also for a first release and a candidate", () => {
    assert.equal(goVersionIn("go version go1.26.8 linux/amd64"), "1.26.8");
    assert.equal(goVersionIn("go version go1.27 darwin/arm64"), "1.27.0");
    assert.equal(goVersionIn("go version go1.27rc1 darwin/arm64"), "1.27.0");
    assert.equal(goVersionIn("gopher"), undefined);
  });
});

describe("the platform of this machine", () => {
  it("is told in Go's words", () => {
    assert.deepEqual(hostPlatform("darwin", "x64"), { system: "darwin", architecture: "amd64" });
  });

  it("is refused with a way out when no tool is released for it", () => {
    assert.throws(
      () => hostPlatform("win32", "x64"),
      new UserError(
        "The rehearsal runs on Linux and macOS, on amd64 and arm64, and this machine is win32 on x64: " +
          "use a Linux virtual machine (on Windows: WSL 2).",
      ),
    );
  });
});
