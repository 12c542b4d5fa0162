import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, copyFile, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { startKubernetes, type RunningKubernetes } from "../../rehearsal/kubernetes/index.ts";
import { installProviders } from "../../rehearsal/providers/install.ts";
import { clusterTools } from "../../rehearsal/session/session-cluster.ts";
import { obtainTools, type Tools } from "../../rehearsal/toolchain/index.ts";
import { startLanguageHost, type LanguageHost } from "../support/language-host.ts";

const project = resolve(import.meta.dirname, "..", "..");

describe("plain `pulumi`, without the rehearsal", () => {
  let folder: string;
  let cluster: RunningKubernetes;
  let host: LanguageHost;
  let tools: Tools;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "uap-plain-"));
    tools = await obtainTools(["pulumi", ...clusterTools]);
    cluster = await startKubernetes({
      name: "plain",
      folder: join(folder, "cluster"),
      tools,
      nodes: [{ name: "node-1", cpu: "4", memory: "8Gi" }],
    });
    await installProviders({ pulumiHome: join(folder, "home") });
    await mkdir(join(folder, "state"));
    // The engine writes its salt into the stack's file: into a copy, not into the project's.
    for (const file of ["Pulumi.yaml", "Pulumi.local.yaml"])
      await copyFile(join(project, file), join(folder, file));
    // The real Helm is no part of this.
    await appendFile(join(folder, "Pulumi.local.yaml"), "  uap:charts: { source: facts }\n");
    await symlink(join(project, "index.ts"), join(folder, "index.ts"));
    host = await startLanguageHost(project, "index.ts", {
      KUBECONFIG: cluster.kubeconfigPath,
      // Charts of recorded facts are refused elsewhere.
      UAP_IN_REHEARSAL: "true",
    });
  });
  after(async () => {
    host.stop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const pulumi = (...words: string[]) =>
    promisify(execFile)(tools.pulumi, words, {
      cwd: folder,
      env: {
        ...process.env,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "plain",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    });

  it("previews the same program, started by the SDK's own runner", async () => {
    await pulumi("stack", "init", "local");
    const { stdout } = await pulumi("preview", "-s", "local", "--client", host.address, "--color", "never");
    assert.match(stdout, /\+ .*kubernetes:apps\/v1:StatefulSet\s+mosquitto\s+create/);
    assert.match(stdout, /\d+ to create/);
  });
});
