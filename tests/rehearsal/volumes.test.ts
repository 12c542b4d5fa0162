import assert from "node:assert/strict";
import type { Session } from "../../rehearsal/session/session.ts";
import {
  configure,
  destroy,
  isServer,
  plan,
  RehearsedStack,
  update,
  type Change,
} from "../support/rehearsed-stack.ts";

const workers = [
  { name: "near", cloud: "hetzner", region: "nbg1", type: "cpx32", ingress: true },
  { name: "ocean", cloud: "digitalocean", region: "fra1", type: "s-4vcpu-8gb" },
  { name: "zones", cloud: "aws", region: "eu-central-1", type: "t3.xlarge", spot: true },
];
const poolsWith = (near: Readonly<Record<string, unknown>>) => [
  { name: "master", cloud: "hetzner", region: "nbg1", type: "cpx32", role: "control-plane" },
  ...workers.map((pool) => ({ ...pool, volume: "50Gi", ...(pool.name === "near" && near) })),
];
const nodes = ["master-1", "near-1", "ocean-1", "zones-1"];

/** Volumes and servers that changes are about, as `operation type name`. */
function volumesAndServers(changes: readonly Change[]): string[] {
  return changes
    .filter((change) => isServer(change) || /volume/i.test(change.type))
    .map(({ operation, type, name }) => `${operation} ${type.split(":").at(-1) ?? ""} ${name}`)
    .sort();
}

/** The names of the nodes that are ready. */
async function readyNodes({ cluster }: Session): Promise<string[]> {
  const { items } = (await cluster.client?.request("GET", "/api/v1/nodes")) as {
    readonly items: readonly {
      readonly metadata: { readonly name: string };
      readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
    }[];
  };
  const isReady = ({ status }: (typeof items)[number]) =>
    status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True");
  return items
    .filter(isReady)
    .map(({ metadata }) => metadata.name)
    .sort();
}

describe("a stack with data disks at three clouds, one of them with servers of the spot market", () => {
  let rehearsed: RehearsedStack;
  const settings = {
    platform: { preset: "minimal", systems: { portal: false } },
    cluster: { network: "wireguard" },
    pools: poolsWith({}),
  };
  before(async () => {
    rehearsed = await RehearsedStack.open("dev5");
  });
  after(() => rehearsed.close());

  it("comes up, stays as it is, keeps its disks when a server is replaced, and leaves none behind", () =>
    rehearsed.session(async (session: Session) => {
      const made = volumesAndServers(await update(session));
      for (const name of ["near-1", "ocean-1", "zones-1"]) {
        assert.ok(made.includes(`create Volume ${name}-volume`), made.join("\n"));
        assert.ok(made.includes(`create VolumeAttachment ${name}-volume`), made.join("\n"));
      }
      assert.deepEqual(await readyNodes(session), nodes);
      assert.deepEqual(await plan(session), []);

      await configure(session, { pools: poolsWith({ replace: ["near-1"] }) });
      const replaced = volumesAndServers(await update(session));
      assert.deepEqual(
        replaced.filter((change) => change.startsWith("create")),
        ["create-replacement Server near-1", "create-replacement VolumeAttachment near-1-volume"],
      );
      assert.ok(!replaced.some((change) => change.includes(" Volume ")), replaced.join("\n"));
      assert.deepEqual(await readyNodes(session), nodes);

      await destroy(session);
      assert.deepEqual([...session.cluster.holdings()], []);
    }, settings));
});
