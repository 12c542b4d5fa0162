import assert from "node:assert/strict";
import { configure, destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";

const settingsOf = (buckets: readonly string[]) => ({
  charts: { source: "facts" },
  platform: {
    preset: "minimal",
    systems: {
      portal: false,
      mosquitto: true,
      "cert-manager": false,
      "object-store": { buckets },
    },
  },
});

describe("the object store", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("comes up, changes nothing a second time, makes a bucket more, and leaves nothing", () =>
    rehearsed.session(
      async (session) => {
        await update(session);
        const again = await plan(session);
        assert.deepEqual(again, [], lines(again));
        const { client } = session.cluster;
        assert.ok(client);
        const jobs = "/apis/batch/v1/namespaces/seaweedfs/jobs";
        const job = (await client.request("GET", `${jobs}/object-store-buckets`)) as {
          status: { succeeded?: number };
        };
        assert.equal(job.status.succeeded, 1);
        const alias = (await client.request("GET", "/api/v1/namespaces/data/services/minio")) as {
          spec: { externalName: string };
        };
        assert.equal(alias.spec.externalName, "minio.seaweedfs.svc.cluster.local");

        await configure(session, settingsOf(["test", "more"]));
        const changed = await update(session);
        assert.deepEqual(
          [...new Set(changed.map(({ name }) => name))],
          ["object-store-buckets"],
          lines(changed),
        );

        await destroy(session);
        await assert.rejects(client.request("GET", "/api/v1/namespaces/seaweedfs"), { status: 404 });
      },
      settingsOf(["test"]),
    ));
});
