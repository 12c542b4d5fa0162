import assert from "node:assert/strict";
import type { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import { destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";

const settings = {
  charts: { source: "facts" },
  pools: [
    { name: "master", cloud: "digitalocean", region: "nyc3", type: "s-2vcpu-4gb", role: "control-plane" },
    { name: "nbg1", cloud: "hetzner", region: "nbg1", type: "cpx32", count: 2 },
  ],
  cluster: { network: "kilo" },
  acme: { issuer: "self-signed" },
  protect: "false",
  backup: {
    s3: { endpoint: "https://s3.example.org", bucket: "backups", accessKey: "key", secretKey: "hush" },
  },
  platform: {
    preset: "minimal",
    systems: { portal: false, ingress: false, "cert-manager": false, velero: true },
  },
};

async function annotationsOf(client: KubernetesClient, node: string): Promise<Record<string, string>> {
  const { metadata } = (await client.request("GET", `/api/v1/nodes/${node}`)) as {
    metadata: { annotations?: Record<string, string> };
  };
  const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith("kilo.squat.ai/"));
  return Object.fromEntries(own);
}

describe("a cluster in two places", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("hc1");
  });
  after(() => rehearsed.close());

  it("gets its pod network first, and upgrades and backups after, changes nothing a second time, and leaves nothing", () =>
    rehearsed.session(async (session) => {
      await update(session);
      const { client } = session.cluster;
      assert.ok(client);
      const kilo = (await client.request("GET", "/apis/apps/v1/namespaces/kube-system/daemonsets/kilo")) as {
        status: { numberReady: number };
      };
      assert.equal(kilo.status.numberReady, 3);
      assert.match(
        (await annotationsOf(client, "master-1"))["kilo.squat.ai/location"] ?? "",
        /^nyc3-master-1$/,
      );
      const neighbour = await annotationsOf(client, "nbg1-2");
      assert.deepEqual(Object.keys(neighbour), ["kilo.squat.ai/force-internal-ip"]);
      assert.match(neighbour["kilo.squat.ai/force-internal-ip"] ?? "", /^10\.20\.\d+\.\d+\/32$/);
      const plans = (await client.request(
        "GET",
        "/apis/upgrade.cattle.io/v1/namespaces/system-upgrade/plans",
      )) as { items: unknown[] };
      assert.equal(plans.items.length, 2);
      const schedule = (await client.request(
        "GET",
        "/apis/velero.io/v1/namespaces/velero/schedules/daily",
      )) as { spec: { schedule: string } };
      assert.equal(schedule.spec.schedule, "0 3 * * *");
      const again = await plan(session);
      assert.deepEqual(again, [], lines(again));
      await destroy(session);
    }, settings));
});
