import assert from "node:assert/strict";
import { parse } from "yaml";

import { kiloAnnotations, kiloArguments } from "../../../infra/bootstrap/kilo.ts";
import { nodeFiles } from "../../../infra/bootstrap/node-files.ts";
import { joinScript, noCloudSeed } from "../../../infra/bootstrap/on-prem.ts";
import { upgradePlans } from "../../../infra/bootstrap/upgrade-plans.ts";
import { canIsolate, Machine } from "./machine.ts";
import { bootstrapOf, namedIdentity } from "./nodes.ts";
import { controlPlane, downloadSite } from "./servers.ts";

const identity = namedIdentity();
const wish = { cloud: "on-prem", name: "lab-d1", role: "sensor", arch: "arm64", network: "kilo" } as const;

describe("a machine of one's own", () => {
  it("gets a NoCloud seed with its name and the keys that may log in", () => {
    const seed = noCloudSeed(bootstrapOf(wish), identity, ["ssh-ed25519 AAAA test"]);
    assert.deepEqual(parse(seed["meta-data"]), { "instance-id": "dev-lab-d1", "local-hostname": "lab-d1" });
    const userData = parse(seed["user-data"]) as Record<string, unknown>;
    assert.equal(userData.hostname, "lab-d1");
    assert.deepEqual(userData.ssh_authorized_keys, ["ssh-ed25519 AAAA test"]);
  });

  it("joins by a script that puts the same files in place as cloud-init does, and then boots like a server", async function () {
    if (!(await canIsolate())) return this.skip();
    const site = await downloadSite();
    const server = await controlPlane("127.201.6.1", identity.authorities["server-ca.crt"]);
    const controlPlanes = [{ name: "master-1", address: server.address }];
    const cluster = { releases: site.url, controlPlanes, packages: ["open-iscsi"] };
    const bootstrap = bootstrapOf({ ...wish, cluster });
    const machine = await Machine.bare();
    try {
      await machine.write("/join.sh", joinScript(bootstrap, identity), 0o700);
      const { code, output } = await machine.execute("/join.sh");
      assert.equal(code, 0, output);
      for (const { path, contents, permissions } of nodeFiles(bootstrap, identity)) {
        assert.equal(await machine.read(path), contents, path);
        assert.equal(await machine.mode(path), permissions.slice(1), path);
      }
      assert.ok(!output.includes(identity.agentToken));
      const calls = await machine.calls();
      assert.ok(
        calls.includes("apt-get install -qy ca-certificates curl nftables open-iscsi"),
        calls.join("\n"),
      );
      assert.deepEqual(calls.at(-1), "systemctl start uap-bootstrap.service");
      assert.equal((await machine.boot()).code, 0);
    } finally {
      await Promise.all([site.close(), server.close(), machine.remove()]);
    }
  });
});

describe("Kilo", () => {
  const hostOf = (node: string) => `${node}.hc1.example.org`;
  const gateway = bootstrapOf({ cloud: "on-prem", name: "lab-gpu" }).node;
  const { node: pi } = bootstrapOf(wish);
  const behind = { ...pi, pool: { ...pi.pool, behind: "lab-gpu" } as typeof pi.pool };
  const nodes = [gateway, behind];

  it("reaches a site at its gateway's host, and keeps the way through the router open", () => {
    assert.deepEqual(kiloAnnotations(behind, nodes, { hostOf }), {
      "kilo.squat.ai/location": "lab",
      "kilo.squat.ai/persistent-keepalive": "10",
      "kilo.squat.ai/force-endpoint": "lab-gpu.hc1.example.org:51820",
    });
    assert.deepEqual(kiloAnnotations(gateway, nodes, { hostOf }), {
      "kilo.squat.ai/location": "lab",
      "kilo.squat.ai/persistent-keepalive": "10",
      "kilo.squat.ai/force-endpoint": "lab-gpu.hc1.example.org:51820",
      "kilo.squat.ai/leader": "true",
    });
  });

  it("tells servers the private address at which their neighbours reach them", () => {
    const { node } = bootstrapOf();
    assert.deepEqual(kiloAnnotations(node, nodes, { hostOf }, "10.20.0.5"), {
      "kilo.squat.ai/force-internal-ip": "10.20.0.5/32",
    });
  });

  it("makes each droplet a place of its own, since DigitalOcean's firewall lets no packed packet through", () => {
    const droplets = ["a", "b"].map((name) => bootstrapOf({ name, cloud: "digitalocean" }).node);
    const locations = droplets.map((node) => kiloAnnotations(node, droplets, { hostOf }, "10.20.0.5"));
    assert.deepEqual(
      locations.map((annotations) => annotations["kilo.squat.ai/location"]),
      ["x-a", "x-b"],
    );
  });

  it("builds tunnels between regions, with addresses of the mesh's range", () => {
    const args = kiloArguments("10.4.0.0/16");
    assert.ok(args.includes("--subnet=10.4.0.0/16"));
    assert.ok(args.includes("--topology-label=topology.kubernetes.io/region"));
    assert.ok(args.includes("--mesh-granularity=location"));
    assert.ok(args.includes("--encapsulate=always"));
    assert.ok(args.includes("--kubeconfig=/etc/kubernetes/kubeconfig"));
  });
});

describe("the plans of an upgrade", () => {
  const plans = upgradePlans("v1.36.4+k3s1");

  it("take one node at a time, drained, and bring it back", () => {
    for (const { spec } of plans) {
      assert.equal(spec.version, "v1.36.4+k3s1");
      assert.equal(spec.concurrency, 1);
      assert.equal(spec.cordon, true);
      assert.ok(spec.drain.ignoreDaemonSets);
    }
  });

  it("take each node once, the control planes first", () => {
    assert.deepEqual(
      plans.map(({ spec }) => spec.nodeSelector.matchExpressions[0]?.operator),
      ["Exists", "DoesNotExist"],
    );
    assert.deepEqual(plans[1]?.spec.prepare?.args, ["prepare", plans[0]?.metadata.name]);
    assert.equal(plans[0]?.spec.prepare, undefined);
  });
});
