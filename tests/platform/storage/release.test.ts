import assert from "node:assert/strict";
import type { KubernetesApi } from "../../../infra/kubernetes-api.ts";
import { release } from "../../../platform/storage/release/release.ts";

type Fields = Readonly<Record<string, unknown>>;

const claim = (name: string, namespace: string) => ({
  metadata: { name, namespace },
  spec: { storageClassName: "ceph" },
});
const volumeOf = (name: string, namespace: string, more: Fields = {}) => ({
  metadata: { name: `pvc-${name}` },
  spec: {
    storageClassName: "ceph",
    claimRef: { name, namespace },
    persistentVolumeReclaimPolicy: "Delete",
    ...more,
  },
  status: {},
});
const podWith = (claimName: string, namespace: string) => ({
  metadata: { name: `user-of-${claimName}`, namespace },
  spec: { volumes: [{ persistentVolumeClaim: { claimName } }] },
  status: { phase: "Running" },
});

/** An API server whose driver deletes the volume of a claim that is deleted. */
function serverOf(state: { claims: Fields[]; volumes: Fields[]; pods?: Fields[] }, drives = true) {
  const deleted: string[] = [];
  const lists: Record<string, () => Fields[]> = {
    "/api/v1/persistentvolumeclaims": () => state.claims,
    "/api/v1/persistentvolumes": () => state.volumes,
    "/api/v1/pods": () => state.pods ?? [],
    "/api/v1/namespaces?labelSelector=app.kubernetes.io%2Fpart-of%3Duap": () => [
      { metadata: { name: "data" } },
    ],
  };
  const request = (path: string, message?: { method?: string }) => {
    if (message?.method === "DELETE") {
      const name = path.split("/").at(-1) ?? "";
      deleted.push(name);
      const others = (items: Fields[], gone: string) =>
        items.filter(({ metadata }) => (metadata as { name: string }).name !== gone);
      state.claims = others(state.claims, name);
      if (drives) state.volumes = others(state.volumes, `pvc-${name}`);
      return Promise.resolve({ status: 200, body: "{}" });
    }
    return Promise.resolve({ status: 200, body: JSON.stringify({ items: lists[path]?.() }) });
  };
  return { deleted, api: { server: new URL("https://api.test"), request } as unknown as KubernetesApi };
}

describe("the volumes of a storage class that goes", () => {
  it("go with their claims, and nothing of another class does", async () => {
    const other = { ...claim("other", "data"), spec: { storageClassName: "local-path" } };
    const { api, deleted } = serverOf({
      claims: [claim("a", "data"), other],
      volumes: [volumeOf("a", "data"), volumeOf("kept", "data", { persistentVolumeReclaimPolicy: "Retain" })],
    });
    assert.deepEqual(await release(api, "ceph", 5), []);
    assert.deepEqual(deleted, ["a"]);
  });

  it("stay while a pod uses them, and where they are other people's, and it is said why", async () => {
    const { api, deleted } = serverOf({
      claims: [claim("used", "data"), claim("foreign", "elsewhere")],
      volumes: [volumeOf("used", "data"), volumeOf("foreign", "elsewhere")],
      pods: [podWith("used", "data")],
    });
    assert.deepEqual(await release(api, "ceph", 0), [
      "pvc-used: the claim data/used is used by user-of-used",
      "pvc-foreign: the claim elsewhere/foreign is in a namespace that is not the platform's",
    ]);
    assert.deepEqual(deleted, []);
  });

  it("are waited for until the driver has deleted them", async () => {
    const { api } = serverOf({ claims: [claim("a", "data")], volumes: [volumeOf("a", "data")] }, false);
    assert.deepEqual(await release(api, "ceph", 0.3), [
      "pvc-a: its claim is gone, and the driver has not deleted it",
    ]);
  });
});
