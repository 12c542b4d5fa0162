import assert from "node:assert/strict";
import { destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";

const settings = {
  charts: { source: "facts" },
  pools: [
    { name: "master", cloud: "digitalocean", region: "nyc3", type: "s-2vcpu-4gb", role: "control-plane" },
    { name: "worker", cloud: "digitalocean", region: "nyc3", type: "s-4vcpu-8gb", count: 2 },
  ],
  cluster: { kind: "k3s" },
  acme: { issuer: "self-signed" },
  protect: "false",
  platform: {
    preset: "minimal",
    systems: {
      portal: false,
      "cert-manager": false,
      "cloud-controller": { token: "token-of-the-rehearsal" },
      "cloud-volumes": { token: "token-of-the-rehearsal" },
    },
  },
};

/** What there must be. */
const expected = [
  "/apis/storage.k8s.io/v1/storageclasses/do-block-storage",
  "/apis/storage.k8s.io/v1/csidrivers/dobs.csi.digitalocean.com",
  "/apis/rbac.authorization.k8s.io/v1/clusterroles/cloud-controller",
  "/apis/apps/v1/namespaces/kube-system/deployments/cloud-controller",
  "/api/v1/namespaces/kube-system/secrets/cloud-token",
  "/api/v1/namespaces/cloud-volumes",
];

describe("a cluster with its cloud's controller and volumes", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("c2");
  });
  after(() => rehearsed.close());

  it("comes up with the controller first, changes nothing a second time, and leaves nothing", () =>
    rehearsed.session(async (session) => {
      const done = await update(session);
      const at = (type: string, name: string) => {
        const index = done.findIndex((one) => one.type.endsWith(type) && one.name === name);
        assert.ok(index >= 0, `${name}: ${lines(done)}`);
        return index;
      };
      const controller = at(":Deployment", "cloud-controller");
      assert.ok(at(":Secret", "cloud-controller-token") < controller, "the token before the controller");
      assert.ok(controller < at(":Deployment", "cloud-volumes-controller"), "the controller before all else");
      const nodes = at(":DaemonSet", "cloud-volumes-node");
      assert.ok(nodes < at(":StorageClass", "do-block-storage"), "the driver before its class");

      const again = await plan(session);
      assert.deepEqual(again, [], lines(again));

      const { client } = session.cluster;
      assert.ok(client);
      for (const path of expected) await client.request("GET", path);
      const path = "/apis/apps/v1/namespaces/cloud-volumes/daemonsets/cloud-volumes-node";
      const drivers = (await client.request("GET", path)) as { status: { numberReady?: number } };
      assert.equal(drivers.status.numberReady, 3);
      await destroy(session);
    }, settings));
});
