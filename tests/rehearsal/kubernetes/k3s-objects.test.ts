import assert from "node:assert/strict";
import type { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import { createK3sObjects } from "../../../rehearsal/kubernetes/k3s-objects.ts";

/** The names of what is created. */
async function createdNames(has: { readonly traefik: boolean }): Promise<string[]> {
  const names: string[] = [];
  const established = { status: { conditions: [{ type: "Established", status: "True" }] } };
  const client = {
    request: (_method: string, _path: string, { body }: { body: { metadata: { name: string } } }) =>
      Promise.resolve(names.push(body.metadata.name)),
    // eslint-disable-next-line @typescript-eslint/require-await -- a watch is asynchronous, this one has nothing to wait for
    watch: async function* () {
      yield { object: established };
    },
  };
  await createK3sObjects(client as unknown as KubernetesClient, has, new AbortController().signal);
  return names.sort();
}

describe("what a cluster has from the start", () => {
  it("is what k3s brings along, and nothing of Traefik where the cluster brings none", async () => {
    const always = ["helmchartconfigs.helm.cattle.io", "local-path"];
    assert.deepEqual(await createdNames({ traefik: false }), always);
    assert.deepEqual(
      await createdNames({ traefik: true }),
      [...always, "middlewares.traefik.io", "traefik"].sort(),
    );
  });
});
