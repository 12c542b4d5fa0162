import assert from "node:assert/strict";
import { configure, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";
import { settingsWith } from "./storage-program.ts";

const settingsOf = (systems: Readonly<Record<string, unknown>>, protect: boolean) => {
  const platform = settingsWith(systems);
  return {
    charts: { source: "facts" },
    cluster: platform["uap:cluster"],
    platform: platform["uap:platform"],
    protect,
  };
};
const share = (path: string, protect: boolean) =>
  settingsOf({ nfs: { server: "nfs.example.org", share: path } }, protect);

describe("a storage class", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("is neither replaced nor, while the stack is protected, deleted with the volumes that name it", () =>
    rehearsed.session(
      async (session) => {
        await update(session);
        const { client } = session.cluster;
        assert.ok(client);
        const parameters = async () =>
          (
            (await client.request("GET", "/apis/storage.k8s.io/v1/storageclasses/nfs")) as {
              parameters: Record<string, string>;
            }
          ).parameters.share;

        await configure(session, share("/srv/other", true));
        await assert.rejects(plan(session), /marked for protection/);
        await configure(session, settingsOf({}, true));
        await assert.rejects(plan(session), /protected/);
        assert.equal(await parameters(), "/srv/nfs");

        await configure(session, share("/srv/nfs", false));
        await update(session);
        await configure(session, share("/srv/other", false));
        await assert.rejects(update(session), /field is immutable/);
        assert.equal(await parameters(), "/srv/nfs");
      },
      share("/srv/nfs", true),
    ));
});
