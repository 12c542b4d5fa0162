import assert from "node:assert/strict";
import { configure, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";
import { settingsWith } from "./storage-program.ts";

const settingsOf = (storage: string) => {
  const platform = settingsWith({ nfs: { server: "nfs.example.org" }, mosquitto: { storage } });
  return {
    charts: { source: "facts" },
    cluster: platform["uap:cluster"],
    platform: platform["uap:platform"],
    storage: { block: "nfs" },
  };
};

describe("the volumes of a StatefulSet", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("grow in place with the configured size, and a smaller one is refused before anything changes", () =>
    rehearsed.session(async (session) => {
      await update(session);
      const { client } = session.cluster;
      assert.ok(client);
      const size = async () =>
        (
          (await client.request(
            "GET",
            "/api/v1/namespaces/data/persistentvolumeclaims/data-mosquitto-0",
          )) as {
            spec: { resources: { requests: { storage: string } } };
          }
        ).spec.resources.requests.storage;
      assert.equal(await size(), "1Gi");

      await configure(session, settingsOf("2Gi"));
      const grown = (await update(session)).filter(({ name }) => name.startsWith("mosquitto"));
      assert.deepEqual(
        grown.map(({ name, operation }) => `${operation} ${name}`),
        ["update mosquitto-data-0"],
      );
      assert.equal(await size(), "2Gi");

      await configure(session, settingsOf("1Gi"));
      await assert.rejects(plan(session), /can not be less than/);
      assert.equal(await size(), "2Gi");
    }, settingsOf("1Gi")));
});
