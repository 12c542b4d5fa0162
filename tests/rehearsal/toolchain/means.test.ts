import assert from "node:assert/strict";

import { UserError } from "../../../rehearsal/errors.ts";
import { obtain } from "../../../rehearsal/toolchain/obtain.ts";
import { TOOLS } from "../../../rehearsal/toolchain/tools.ts";
import { sitesAt, Workbench } from "./workbench.ts";

describe("tools that can be neither downloaded nor built", () => {
  let workbench: Workbench;
  beforeEach(async () => {
    workbench = await Workbench.open();
  });
  afterEach(() => workbench.close());

  it("are named in one sentence with the reasons and two ways out", async () => {
    const sites = {
      pulumi: "http://pulumi.invalid",
      kubernetes: "http://kubernetes.invalid",
      github: "http://github.invalid",
      githubApi: "http://api.github.invalid",
    };
    await assert.rejects(
      obtain([TOOLS.pulumi, TOOLS.etcd, TOOLS["kube-apiserver"]], workbench.settings({ sites })),
      new UserError(
        "pulumi 3.259.0, etcd 3.6.14, and kube-apiserver 1.36.4 can neither be downloaded " +
          "(pulumi.invalid, github.invalid, and kubernetes.invalid cannot be reached) " +
          "nor built (Go 1.26 or newer is not installed): connect this machine to the internet or " +
          "install Go 1.26 or newer (https://go.dev/dl), then run the command again.",
      ),
    );
    assert.deepEqual(workbench.events, []);
  });

  it("include what is not published for the platform, where only Go helps", async () => {
    await assert.rejects(
      obtain(
        [TOOLS.etcd, TOOLS["kube-apiserver"]],
        workbench.settings({ platform: { system: "darwin", architecture: "arm64" } }),
      ),
      new UserError(
        "etcd 3.6.14 and kube-apiserver 1.36.4 can neither be downloaded " +
          "(there is no release of etcd and kube-apiserver for darwin-arm64) nor built " +
          "(Go 1.26 or newer is not installed): install Go 1.26 or newer (https://go.dev/dl), then run the command again.",
      ),
    );
  });

  it("say so when Go is too old", async () => {
    await workbench.fakeGo({ version: "1.25.11" });
    await assert.rejects(obtain([TOOLS.kwok], workbench.settings()), {
      name: "UserError",
      message: /nor built \(\/\S+\/bin\/go is Go 1\.25\.11 and 1\.26 or newer is needed\)/,
    });
  });

  it("say so when Go does not work", async () => {
    await workbench.program("go", "echo 'go: cannot find GOROOT directory' >&2; exit 2");
    await assert.rejects(obtain([TOOLS.kwok], workbench.settings({ sites: sitesAt("http://x.invalid") })), {
      name: "UserError",
      message: /\/bin\/go does not tell its version: go: cannot find GOROOT directory\)/,
    });
  });
});
