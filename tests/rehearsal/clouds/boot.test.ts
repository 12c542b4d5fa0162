import assert from "node:assert/strict";
import { cloudInit } from "../../../infra/bootstrap/cloud-init.ts";
import type { ClusterIdentity } from "../../../infra/bootstrap/node-bootstrap.ts";
import { bootOf, type BootPlan } from "../../../rehearsal/clouds/boot.ts";
import { bootstrapOf, realIdentity, type Wish } from "../../infra/bootstrap/nodes.ts";

describe("the boot of a simulated server", () => {
  let identity: ClusterIdentity;

  before(async () => {
    identity = await realIdentity();
  });

  const userData = (wish: Wish = {}) => cloudInit(bootstrapOf(wish), identity);
  const planOf = (text: string): BootPlan => {
    const boot = bootOf(text);
    assert.ok(boot.joins, boot.joins ? "" : boot.reason);
    return boot.plan;
  };
  const reasonOf = (text: string): string => {
    const boot = bootOf(text);
    assert.ok(!boot.joins, "it joins");
    return boot.reason;
  };

  it("finds in a control plane's user-data all that makes an API server", () => {
    const plan = planOf(userData({ role: "control-plane", taints: ["dedicated=master:NoSchedule"] }));
    assert.deepEqual(
      [plan.role, plan.nodeName, plan.begins, plan.taints, plan.tlsSans, plan.privateCidr],
      ["server", "master-1", true, ["dedicated=master:NoSchedule"], ["api.dev.example.org"], "10.20.0.0/16"],
    );
    assert.equal(plan.labels["topology.kubernetes.io/region"], "nbg1");
    assert.deepEqual(plan.authorities, identity.authorities);
    assert.equal(identity.serverToken, `K10${plan.token.hash}::${plan.token.user}:${plan.token.secret}`);
    assert.ok(identity.agentToken.endsWith(`::node:${String(plan.agentToken)}`));
    assert.equal(plan.settings["service-cidr"], "10.43.0.0/16");
  });

  it("finds in a worker's user-data where to join, and with what", () => {
    const plan = planOf(userData());
    assert.deepEqual(
      [plan.role, plan.begins, plan.servers, plan.authorities],
      ["agent", false, ["10.20.0.4", "api.dev.example.org"], {}],
    );
    assert.equal(identity.agentToken, `K10${plan.token.hash}::node:${plan.token.secret}`);
  });

  it("lets the first control plane by name begin, and the others join", () => {
    const cluster = { controlPlanes: [{ name: "master-1", address: "10.20.0.4" }, { name: "master-2" }] };
    const plans = ["master-1", "master-2"].map((name) =>
      planOf(userData({ role: "control-plane", name, cluster })),
    );
    assert.deepEqual(
      plans.map(({ begins }) => begins),
      [true, false],
    );
    assert.deepEqual(plans[1]?.servers, ["10.20.0.4", "api.dev.example.org"]);
  });

  it("says why a server never joins", () => {
    const server = userData({ role: "control-plane" });
    assert.match(reasonOf(""), /no user-data/);
    assert.match(reasonOf(`\n${server}`), /first line is not "#cloud-config"/);
    assert.match(reasonOf("#cloud-config\nwrite_files: [\n"), /user-data is not YAML/);
    assert.match(reasonOf("#cloud-config\nwrite_files: 1\n"), /write_files is not valid/);
    assert.match(
      reasonOf("#cloud-config\nwrite_files:\n  - path: /a\n    permissions: 0600\n"),
      /must be quoted/,
    );
    assert.match(
      reasonOf(server.replace("uap-bootstrap.service\n", "other.service\n")),
      /Nothing starts k3s/,
    );
    assert.match(reasonOf(server.replace("k3s/config.yaml", "k3s/config.yml")), /has no \/etc\/rancher/);
    assert.match(reasonOf(server.replace(/^ *token: .*\n/m, "")), /token is missing/);
    assert.match(reasonOf(server.replace("token: K10", "token: K11")), /full format/);
    assert.match(reasonOf(server.replace("tls/client-ca.key", "tls/client.key")), /lacks client-ca.key/);
    assert.match(reasonOf(server.replace(identity.serverToken, identity.agentToken)), /lets no server join/);
    const otherHash = identity.serverToken.replace(/(?<=K10)[0-9a-f]{64}/, "0".repeat(64));
    assert.match(reasonOf(server.replace(identity.serverToken, otherHash)), /for another cluster/);
  });

  it("quotes no secret in a reason", () => {
    const broken = userData({ role: "control-plane" }).replace("      token:", "     token:");
    assert.doesNotMatch(reasonOf(broken), /K10|PRIVATE/);
  });
});
