import assert from "node:assert/strict";
import type { Session } from "../../rehearsal/session/session.ts";
import {
  configure,
  isServer,
  plan,
  readyNodes,
  RehearsedStack,
  update,
  type Change,
} from "../support/rehearsed-stack.ts";

const platform = { preset: "minimal", systems: { portal: false } };
const controlPlane = {
  name: "master",
  cloud: "hetzner",
  region: "nbg1",
  type: "cpx32",
  role: "control-plane",
};
const worker = { name: "worker", cloud: "hetzner", region: "nbg1", type: "cpx42", count: 2, ingress: true };
const extra = { name: "extra", cloud: "hetzner", region: "fsn1", type: "cax21", count: 1 };

/** Servers that an update changes, as `operation name`. */
function servers(changes: readonly Change[]): string[] {
  return changes.filter(isServer).map(({ operation, name }) => `${operation} ${name}`);
}

/** All nodes that the API knows, ready or not. */
async function allNodes({ cluster }: Session): Promise<string[]> {
  const { items } = (await cluster.client?.request("GET", "/api/v1/nodes")) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  return items.map(({ metadata }) => metadata.name).sort();
}

describe("a cluster that grows and shrinks", () => {
  let rehearsed: RehearsedStack;
  const inSession = (pools: readonly object[], work: (session: Session) => Promise<void>) =>
    rehearsed.session(work, { pools, platform });
  before(async () => {
    rehearsed = await RehearsedStack.open("dev5");
  });
  after(() => rehearsed.close());

  it("takes a pool in and lets it go again, node by node, in one session", () =>
    inSession([controlPlane, worker], async (session) => {
      await update(session);
      await configure(session, { pools: [controlPlane, extra, worker] });
      assert.deepEqual(servers(await update(session)), ["create extra-1"]);
      assert.deepEqual(await readyNodes(session), ["extra-1", "master-1", "worker-1", "worker-2"]);
      await configure(session, { protect: "false" });
      // Nothing but protection changes, and that is carried out too.
      assert.deepEqual(await update(session), []);
      await configure(session, { pools: [controlPlane, worker] });
      assert.deepEqual(servers(await update(session)), ["delete extra-1"]);
      assert.deepEqual(await allNodes(session), ["master-1", "worker-1", "worker-2"]);
      assert.deepEqual(await plan(session), []);
    }));

  it("replaces the node that is asked for, protected as it is, which is a node again afterwards", () =>
    inSession([controlPlane, { ...worker, replace: ["worker-1"] }], async (session) => {
      const replaced = servers(await update(session)).filter((change) => change.startsWith("create"));
      assert.deepEqual(replaced, ["create-replacement worker-1"]);
      assert.deepEqual(await readyNodes(session), ["master-1", "worker-1", "worker-2"]);
      assert.deepEqual(await plan(session), []);
    }));

  it("goes on in the next session with the nodes that it had", () =>
    inSession([controlPlane, worker], async (session) => {
      assert.deepEqual(await readyNodes(session), ["master-1", "worker-1", "worker-2"]);
      assert.deepEqual(
        servers(await plan(session)).filter((change) => !change.startsWith("update")),
        [],
      );
    }));
});

describe("control planes", () => {
  for (const [network, count] of [
    ["flannel", 3],
    ["wireguard", 5],
    ["kilo", 3],
  ] as const) {
    it(`form one cluster: ${count} with ${network}, and one of them can be replaced`, async () => {
      const rehearsed = await RehearsedStack.open("dev5");
      const pool = { ...controlPlane, count };
      const names = Array.from({ length: count }, (_, index) => `master-${index + 1}`);
      const settings = { platform, cluster: { network } };
      try {
        await rehearsed.session(
          async (session) => {
            await update(session);
            assert.deepEqual(await readyNodes(session), [...names, "worker-1", "worker-2"]);
            await configure(session, { pools: [{ ...pool, replace: ["master-1"] }, worker] });
            await update(session);
            assert.deepEqual(await readyNodes(session), [...names, "worker-1", "worker-2"]);
          },
          { ...settings, pools: [pool, worker] },
        );
      } finally {
        await rehearsed.close();
      }
    });
  }
});

describe("a cluster that cannot be", () => {
  const timeout = process.env.UAP_READY_TIMEOUT;
  before(() => {
    process.env.UAP_READY_TIMEOUT = "8";
  });
  after(() => {
    if (timeout === undefined) delete process.env.UAP_READY_TIMEOUT;
    else process.env.UAP_READY_TIMEOUT = timeout;
  });

  it("says that nobody reaches its API", async () => {
    const rehearsed = await RehearsedStack.open("dev1");
    try {
      await assert.rejects(
        rehearsed.session(update, { platform, access: { operatorCidrs: ["203.0.113.99/32"] } }),
        /not ready after \d+ s: api\.dev1\.example\.org does not answer.*operatorCidrs/s,
      );
    } finally {
      await rehearsed.close();
    }
  });

  it("says which machines on-premises the API's firewall keeps out", async () => {
    const rehearsed = await RehearsedStack.open("hc1");
    try {
      await assert.rejects(
        rehearsed.session(update, {
          platform,
          access: { operatorCidrs: ["203.0.113.7/32"] },
          pools: withoutAddress(),
        }),
        /lab-gpu.*Machines that are no nodes of the cluster:.*lab-gpu finds no server.*lab-d1 is behind lab-gpu/s,
      );
    } finally {
      await rehearsed.close();
    }
  });
});

/** The pools of hc1, small, with a site whose address nobody knows. */
function withoutAddress(): object[] {
  const size = { cpu: 4, memory: "4Gi", disk: "32Gi" };
  return [
    { name: "master", cloud: "digitalocean", region: "nyc3", type: "s-2vcpu-4gb", role: "control-plane" },
    { name: "nbg1", cloud: "hetzner", region: "nbg1", type: "cpx32", ingress: true },
    { name: "lab-gpu", cloud: "on-prem", region: "lab", hosts: ["lab-gpu"], size },
    {
      name: "lab-d",
      cloud: "on-prem",
      region: "lab",
      hosts: ["lab-d1"],
      behind: "lab-gpu",
      arch: "arm64",
      size,
    },
  ];
}
