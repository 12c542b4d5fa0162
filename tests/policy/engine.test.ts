import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Resource } from "../../policy/resource.ts";
import { installPolicyHost } from "../../rehearsal/providers/policy-host.ts";
import { obtainTools } from "../../rehearsal/toolchain/index.ts";
import { deployment, object } from "./resources.ts";

const packFolder = fileURLToPath(new URL("../../policy", import.meta.url));
const stack = "urn:pulumi:test::uap::pulumi:pulumi:Stack::uap-test";
const provider = "urn:pulumi:test::uap::pulumi:providers:kubernetes::cluster";

/** A stack that keeps every rule. */
const tidy = [
  object("Namespace", "data", { metadata: { name: "data" } }),
  object("ResourceQuota", "quota", { spec: { hard: { "limits.memory": "8Gi" } } }),
  object("LimitRange", "limits", { spec: { limits: [{ type: "Container" }] } }),
  object("NetworkPolicy", "deny", { spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } }),
  deployment({
    image: "nginx:1.29.0",
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "128Mi" } },
  }),
];

/** A stack that breaks every rule once. */
const untidy = [
  object("Namespace", "data", { metadata: { name: "data" } }),
  deployment({ image: "nginx", env: [{ name: "DB_PASSWORD", value: "hunter2" }] }),
];

/** A state file as `pulumi stack export` writes it. */
function stateOf(resources: readonly Resource[]): string {
  const exported = resources.map(({ urn, type, name, properties }) => ({
    ...{ urn, type, id: name, custom: true, parent: stack, provider: `${provider}::1` },
    ...{ inputs: properties, outputs: properties },
  }));
  const own = [
    { urn: stack, type: "pulumi:pulumi:Stack", custom: false },
    { urn: provider, type: "pulumi:providers:kubernetes", custom: true, id: "1", inputs: {} },
  ];
  const manifest = { time: "2025-01-01T00:00:00Z", magic: "", version: "" };
  return JSON.stringify({ version: 3, deployment: { manifest, resources: [...own, ...exported] } });
}

/** These run the pack on the real engine by its own mechanism, over a state file, so that no cluster is needed. */
describe("the policy pack on the real engine", () => {
  let folder = "";
  let pulumi = "";

  before(async () => {
    pulumi = (await obtainTools(["pulumi"])).pulumi;
    folder = await mkdtemp(join(tmpdir(), "uap-policy-"));
    await installPolicyHost(folder);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function analyze(
    resources: readonly Resource[],
    config: object = {},
  ): Promise<{ code: number | null; output: string }> {
    const [state, settings] = [join(folder, "state.json"), join(folder, "config.json")];
    await Promise.all([writeFile(state, stateOf(resources)), writeFile(settings, JSON.stringify(config))]);
    const options = ["--policy-pack", packFolder, "--policy-pack-config", settings, "--non-interactive"];
    const engine = spawn(pulumi, ["policy", "analyze", "--file", state, ...options], {
      cwd: folder,
      env: {
        PATH: [folder, dirname(process.execPath), process.env.PATH].join(delimiter),
        HOME: folder,
        PULUMI_HOME: join(folder, "home"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
      },
    });
    const output = await Promise.all([text(engine.stdout), text(engine.stderr), once(engine, "close")]);
    return { code: engine.exitCode, output: output.slice(0, 2).join("") };
  }

  it("lets a tidy stack pass", async () => {
    const { code, output } = await analyze(tidy);
    assert.equal(code, 0, output);
  });

  it("fails an untidy one with every breach, each on its resource", async () => {
    const { code, output } = await analyze(untidy);
    assert.notEqual(code, 0);
    assert.match(
      output,
      /\[mandatory\] \[severity: high\] +container-resources +\(kubernetes:apps\/v1:Deployment: web\)/,
    );
    assert.match(output, /pinned-images +\(kubernetes:apps\/v1:Deployment: web\)/);
    assert.match(output, /guarded-namespaces +\(kubernetes:core\/v1:Namespace: data\)/);
    assert.match(
      output,
      /\[severity: critical\] +no-literal-secrets +\(kubernetes:apps\/v1:Deployment: web\)/,
    );
    assert.match(output, /Fix: name a version \(nginx:1\.2\.3\)/);
    assert.doesNotMatch(output, /hunter2/);
  });

  it("only tells what is advisory, and leaves out what is disabled", async () => {
    const { code, output } = await analyze(untidy, { all: "advisory", "pinned-images": "disabled" });
    assert.equal(code, 0, output);
    assert.match(output, /\[advisory\].*container-resources/);
    assert.doesNotMatch(output, /pinned-images/);
  });

  it("takes settings from the policy configuration", async () => {
    const { code, output } = await analyze(tidy, { "container-resources": { maxMemory: "100Mi" } });
    assert.notEqual(code, 0);
    assert.match(output, /"128Mi" is more than one container may have, 100Mi/);
  });

  it("refuses malformed and misspelt settings before anything is checked, in a sentence", async () => {
    const malformed = await analyze(tidy, { "container-resources": { maxMemory: "lots" } });
    assert.notEqual(malformed.code, 0);
    assert.match(malformed.output, /container-resources: maxMemory: Does not match pattern/);
    const misspelt = await analyze(tidy, { "container-resources": { maxmemory: "1Gi" } });
    assert.notEqual(misspelt.code, 0);
    assert.match(misspelt.output, /container-resources has no setting "maxmemory"\. Its settings are maxCpu/);
    assert.doesNotMatch(misspelt.output, /\n +at /);
  });
});
