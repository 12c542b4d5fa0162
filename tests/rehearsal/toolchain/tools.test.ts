import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import satisfies from "semver/functions/satisfies.js";

import type { Platform } from "../../../rehearsal/toolchain/platform.ts";
import { GO_MINIMUM, OFFICIAL_SITES, type ToolName, TOOLS } from "../../../rehearsal/toolchain/tools.ts";

const modules = join(import.meta.dirname, "../../../rehearsal/toolchain/modules");
const tools = Object.values(TOOLS);

const linux: Platform = { system: "linux", architecture: "amd64" };
const appleSilicon: Platform = { system: "darwin", architecture: "arm64" };

function download(name: ToolName, platform: Platform) {
  return TOOLS[name].download(platform, OFFICIAL_SITES);
}

describe("the table of tools", () => {
  it("accepts on PATH the version that it would obtain itself", () => {
    for (const tool of tools) assert.ok(satisfies(tool.version, tool.accepts), tool.name);
  });

  it("accepts newer versions of Pulumi but no other major version", () => {
    assert.ok(satisfies("3.300.1", TOOLS.pulumi.accepts));
    assert.ok(!satisfies("3.258.0", TOOLS.pulumi.accepts));
    assert.ok(!satisfies("4.0.0", TOOLS.pulumi.accepts));
  });

  it("accepts patches of Kubernetes, also a distribution's, but no other minor version", () => {
    assert.ok(satisfies("1.36.9", TOOLS["kube-scheduler"].accepts));
    assert.ok(satisfies("1.36.2+k3s1", TOOLS["kube-scheduler"].accepts));
    assert.ok(!satisfies("1.37.0", TOOLS["kube-scheduler"].accepts));
  });

  const pins: Record<string, { package: string; tool: ToolName }> = {
    pulumi: { package: "github.com/pulumi/pulumi/pkg/v3", tool: "pulumi" },
    etcd: { package: "go.etcd.io/etcd/server/v3", tool: "etcd" },
    kubernetes: { package: "k8s.io/kubernetes", tool: "kube-apiserver" },
    kwok: { package: "sigs.k8s.io/kwok", tool: "kwok" },
  };
  for (const [module, pin] of Object.entries(pins)) {
    it(`builds ${module} from a Go module of the same version`, async () => {
      const text = await readFile(join(modules, module, "go.mod"), "utf8");
      const version = `v${TOOLS[pin.tool].version}`;
      const words = text.split(/\s+/);
      assert.ok(words.some((word, index) => word === pin.package && words[index + 1] === version));
      for (const tool of tools.filter((each) => each.build.module === module)) {
        assert.ok(text.includes(tool.build.package), `${tool.build.package} is a tool of the module`);
      }
      assert.equal(/^go (\d+\.\d+)(\.0)?$/m.exec(text)?.[1], GO_MINIMUM);
    });
  }

  it("has a Pulumi engine of the version of the Pulumi SDK", async () => {
    const text = await readFile(join(import.meta.dirname, "../../../package.json"), "utf8");
    assert.ok(text.includes(`"@pulumi/pulumi": "${TOOLS.pulumi.version}"`));
  });
});

describe("official downloads", () => {
  it("are Pulumi's archives, in Pulumi's words for architectures", () => {
    assert.deepEqual(download("pulumi", linux), {
      url: "https://get.pulumi.com/releases/sdk/pulumi-v3.259.0-linux-x64.tar.gz",
      checksum: {
        url: "https://get.pulumi.com/releases/sdk/pulumi-3.259.0-checksums.txt",
        format: "list",
      },
      member: "pulumi/pulumi",
    });
    assert.equal(
      download("pulumi", appleSilicon)?.url,
      "https://get.pulumi.com/releases/sdk/pulumi-v3.259.0-darwin-arm64.tar.gz",
    );
  });

  it("are Kubernetes' servers with a checksum beside each, on Linux only", () => {
    const url = "https://dl.k8s.io/release/v1.36.4/bin/linux/amd64/kube-apiserver";
    assert.deepEqual(download("kube-apiserver", linux), {
      url,
      checksum: { url: `${url}.sha256`, format: "bare" },
    });
    assert.equal(download("kube-apiserver", appleSilicon), undefined);
  });

  it("are etcd's archives on Linux", () => {
    const folder = "https://github.com/etcd-io/etcd/releases/download/v3.6.14";
    assert.deepEqual(download("etcd", { ...linux, architecture: "arm64" }), {
      url: `${folder}/etcd-v3.6.14-linux-arm64.tar.gz`,
      checksum: { url: `${folder}/SHA256SUMS`, format: "list" },
      member: "etcd-v3.6.14-linux-arm64/etcd",
    });
    assert.equal(download("etcd", appleSilicon), undefined);
  });

  it("are KWOK's bare programs with GitHub's digest", () => {
    assert.deepEqual(download("kwok", appleSilicon), {
      url: "https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-darwin-arm64",
      checksum: {
        url: "https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0",
        format: "github-release",
      },
    });
  });
});
