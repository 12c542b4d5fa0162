import assert from "node:assert/strict";
import type { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import type { Volume } from "../../../rehearsal/kubernetes/controller/volumes.ts";
import { destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";
import { settingsWith } from "./storage-program.ts";

const platform = settingsWith({ "rook-ceph": true, longhorn: true, mosquitto: true });
const settings = {
  charts: { source: "facts" },
  cluster: platform["uap:cluster"],
  platform: platform["uap:platform"],
};

/** Everything that must be gone at the end, and has no namespace to go with. */
const clusterWide = [
  "/apis/storage.k8s.io/v1/storageclasses/rook-ceph-block",
  "/apis/storage.k8s.io/v1/storageclasses/rook-ceph-clusterfs",
  "/apis/storage.k8s.io/v1/storageclasses/longhorn",
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/cephclusters.ceph.rook.io",
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/volumes.longhorn.io",
  "/api/v1/namespaces/rook-ceph",
  "/api/v1/namespaces/longhorn-system",
];

/** The volumes of a storage class. */
async function storedAs(
  client: Pick<KubernetesClient, "request">,
  storageClass: string,
): Promise<readonly Volume[]> {
  const { items } = (await client.request("GET", "/api/v1/persistentvolumes")) as {
    items: readonly Volume[];
  };
  return items.filter(({ spec }) => spec.storageClassName === storageClass);
}

describe("the storage layer's volumes", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("come up with Rook Ceph and Longhorn, change nothing a second time, and leave nothing", () =>
    rehearsed.session(async (session) => {
      const done = await update(session);
      const order = done.map(({ name, type }) => `${type.split(":").at(-1) ?? ""} ${name}`);
      const after = (later: string, earlier: string) => {
        const [first, second] = [order.indexOf(earlier), order.indexOf(later)];
        assert.ok(first >= 0 && second >= 0, `${earlier} and ${later}: ${order.join(", ")}`);
        assert.ok(first < second, `${later} before ${earlier}`);
      };
      after("CephCluster ceph-cluster", "CustomResourceDefinition cephclusters.ceph.rook.io");
      after("CephCluster ceph-cluster", "Deployment rook-ceph-rook-ceph-operator");
      after("CephCluster ceph-cluster", "DaemonSet rook-ceph-files");
      after("StorageClass rook-ceph-block", "CephCluster ceph-cluster");
      after("StorageClass rook-ceph-clusterfs", "CephFilesystem ceph-filesystem");
      after("Service longhorn-page", "Deployment longhorn-longhorn-ui");

      const again = await plan(session);
      assert.deepEqual(again, [], lines(again));

      const { client } = session.cluster;
      assert.ok(client);
      for (const path of clusterWide) await client.request("GET", path);
      const path = "/apis/apps/v1/namespaces/rook-ceph/daemonsets/rook-ceph-osd";
      const osds = (await client.request("GET", path)) as { status: { numberReady?: number } };
      assert.equal(osds.status.numberReady, 3);

      // Claims outlive their StatefulSet, and Rook lets no cluster go that has volumes.
      const volumes = await storedAs(client, "rook-ceph-block");
      assert.equal(volumes.length, 1);
      await destroy(session);
      assert.deepEqual(await storedAs(client, "rook-ceph-block"), []);
      for (const gone of clusterWide)
        await assert.rejects(client.request("GET", gone), { status: 404 }, gone);
    }, settings));
});
