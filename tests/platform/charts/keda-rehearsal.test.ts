import assert from "node:assert/strict";
import { destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";

const settings = {
  charts: { source: "facts" },
  platform: { preset: "minimal", systems: { portal: false, "cert-manager": false, keda: true } },
};

describe("a system of a chart", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("comes up from recorded facts, changes nothing a second time, and leaves nothing", () =>
    rehearsed.session(async (session) => {
      const planned = await plan(session);
      assert.ok(
        planned.some(({ type, name }) => type.endsWith(":Deployment") && name === "keda-keda-operator"),
      );
      await update(session);
      const again = await plan(session);
      assert.deepEqual(again, [], lines(again));
      const { client } = session.cluster;
      assert.ok(client);
      const path = "/apis/apps/v1/namespaces/keda/deployments/keda-operator";
      const operator = (await client.request("GET", path)) as {
        metadata: { annotations: Record<string, string> };
        status: { readyReplicas?: number };
      };
      assert.equal(operator.metadata.annotations["uap.dev/simulated"], "true");
      assert.equal(operator.status.readyReplicas, 1);
      const definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/scaledobjects.keda.sh";
      await client.request("GET", definition);
      await destroy(session);
      await assert.rejects(client.request("GET", definition), { status: 404 });
    }, settings));
});
