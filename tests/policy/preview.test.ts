import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as kubernetes from "@pulumi/kubernetes";
import type { PreviewOptions, PulumiFn } from "@pulumi/pulumi/automation/index.js";
import * as random from "@pulumi/random";
import { installPolicyHost } from "../../rehearsal/providers/policy-host.ts";
import { TestEngine } from "../rehearsal/providers/engine.ts";

const packFolder = fileURLToPath(new URL("../../policy", import.meta.url));

/** What a program of these tests does wrong. */
interface Flaws {
  readonly image?: string;
  readonly passwordInClear?: boolean;
  readonly unguarded?: boolean;
}

/** One system on a cluster that does not exist yet: its kubeconfig is unknown, and so is everything the cluster would say. */
function program(flaws: Flaws): PulumiFn {
  return () => {
    const { result } = new random.RandomPassword("secret", { length: 24 });
    const provider = new kubernetes.Provider("cluster", { kubeconfig: result });
    const namespace = new kubernetes.core.v1.Namespace("data", { metadata: { name: "data" } }, { provider });
    const metadata = { namespace: namespace.metadata.name };
    if (flaws.unguarded !== true) addGuards(metadata, provider);
    const app = { app: "web" };
    const amount = { cpu: "100m", memory: "64Mi" };
    const container = {
      name: "web",
      image: flaws.image ?? "nginx:1.29.0",
      resources: { requests: amount, limits: amount },
      env: flaws.passwordInClear === true ? [{ name: "DB_PASSWORD", value: result }] : [],
    };
    const template = { metadata: { labels: app }, spec: { containers: [container] } };
    const spec = { selector: { matchLabels: app }, template };
    new kubernetes.apps.v1.Deployment("web", { metadata, spec }, { provider });
    return Promise.resolve();
  };
}

type Metadata = kubernetes.types.input.meta.v1.ObjectMeta;

function addGuards(metadata: Metadata, provider: kubernetes.Provider): void {
  const hard = { "limits.memory": "8Gi" };
  new kubernetes.core.v1.ResourceQuota("quota", { metadata, spec: { hard } }, { provider });
  const limits = [{ type: "Container", default: { cpu: "1" } }];
  new kubernetes.core.v1.LimitRange("limits", { metadata, spec: { limits } }, { provider });
  const deny = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
  new kubernetes.networking.v1.NetworkPolicy("deny", { metadata, spec: deny }, { provider });
}

/** The whole way of a pull request's preview: program, engine, providers and pack, with no cluster anywhere. */
describe("the policy pack in the preview of a cluster that does not exist yet", () => {
  let engine: TestEngine;
  let host = "";

  before(async () => {
    host = await mkdtemp(join(tmpdir(), "uap-policy-host-"));
    await installPolicyHost(host);
    engine = await TestEngine.open({ PATH: [host, process.env.PATH].join(delimiter) });
  });

  after(async () => {
    await engine.close();
    await rm(host, { recursive: true, force: true });
  });

  /** Previews under the pack. @returns all that the engine printed, and whether it failed */
  async function preview(flaws: Flaws): Promise<{ failed: boolean; output: string }> {
    let output = "";
    engine.stack.workspace.program = program(flaws);
    const options: PreviewOptions = {
      policyPacks: [packFolder],
      color: "never",
      onOutput: (text) => (output += text),
    };
    const failed = await engine.stack.preview(options).then(
      () => false,
      () => true,
    );
    return { failed, output };
  }

  it("lets a tidy program pass", async () => {
    const { failed, output } = await preview({});
    assert.equal(failed, false, output);
    assert.match(output, /✅ uap@/);
  });

  it("fails the preview for a moving image", async () => {
    const { failed, output } = await preview({ image: "nginx:latest" });
    assert.equal(failed, true);
    assert.match(output, /pinned-images +\(kubernetes:apps\/v1:Deployment: web\)/);
    assert.match(output, /image "nginx:latest" has the tag "latest", which moves/);
  });

  it("fails the preview for a password in a variable, though the password is still to be made", async () => {
    const { failed, output } = await preview({ passwordInClear: true });
    assert.equal(failed, true);
    assert.match(
      output,
      /variable "DB_PASSWORD" of container "web" takes its value from an output, in clear/,
    );
  });

  it("fails the preview for a namespace without guards, though its name is unknown to the engine", async () => {
    const { failed, output } = await preview({ unguarded: true });
    assert.equal(failed, true);
    assert.match(output, /guarded-namespaces +\(kubernetes:core\/v1:Namespace: data\)/);
    assert.match(output, /the namespace has no ResourceQuota, LimitRange for containers/);
  });
});
