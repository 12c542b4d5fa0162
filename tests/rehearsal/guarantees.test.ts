import assert from "node:assert/strict";
import { regions } from "../../config/regions.ts";
import type { CloudPool } from "../../config/sections/pools.ts";
import { placeOf } from "../../infra/clouds/place.ts";
import { planNodes } from "../../infra/nodes.ts";
import { complainAboutType } from "../../infra/sizing/server-types.ts";
import { liftProtection } from "../../rehearsal/engine/protection.ts";
import type { Session } from "../../rehearsal/session/session.ts";
import { configurationOf, stacks } from "../infra/settings.ts";
import {
  configure,
  destroy,
  isServer,
  lines,
  plan,
  readyNodes,
  RehearsedStack,
  update,
  type Change,
} from "../support/rehearsed-stack.ts";

/** Only what the cluster itself is made of: what is deployed to it has tests of its own. */
const bare = { platform: { preset: "minimal", systems: { portal: false, "cert-manager": false } } };

const sshKeys = [
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops@example.org",
];

for (const stack of stacks) {
  describe(`the stack ${stack} on simulated clouds`, () => {
    const configuration = configurationOf(stack);
    const nodes = planNodes(configuration);
    const pools = configuration.pools.map(({ name }) => name);
    let rehearsed: RehearsedStack;
    before(async () => {
      rehearsed = await RehearsedStack.open(stack);
    });
    after(() => rehearsed.close());

    it("keeps what it promises from its first server to its last", () =>
      rehearsed.session(async (session) => {
        await update(session);
        assert.deepEqual(await readyNodes(session), nodes.map(({ name }) => name).sort());
        assert.deepEqual(await plan(session), []);
        await replacesNoServer(session);
        await addsOnlyThatPool(session);
        for (const pool of pools.slice(1, 2)) await removesOnlyThatPool(session, pool);
        await configure(session, { pools: rawPools() });
        await destroy(session);
        assert.deepEqual([...session.cluster.holdings()], []);
      }, bare));

    /** As an earlier version of the program had made them: with another image and another bootstrap. */
    async function replacesNoServer(session: Session): Promise<void> {
      await pretendAnEarlierVersion(session);
      await configure(session, {
        access: { ...configuration.access, sshKeys },
        cluster: { ...withoutName(configuration.cluster), version: "v1.36.5+k3s1" },
      });
      const changed = (await plan(session)).filter(isServer);
      assert.deepEqual(changed, [], lines(changed));
      await configure(session, {
        access: configuration.access,
        cluster: withoutName(configuration.cluster),
      });
    }

    /** Three nodes, in another place where that can be, since a network of their own must move no other. */
    async function addsOnlyThatPool(session: Session): Promise<void> {
      const example = configuration.pools.find((pool) => pool.cloud !== "on-prem");
      assert.ok(example);
      const region = otherRegion(example);
      const added = { ...rawPool(example), name: "added", region, role: "worker", count: 3, taints: [] };
      await configure(session, { pools: [...rawPools(), added] });
      const touched = await plan(session);
      assert.deepEqual(
        touched
          .filter(isServer)
          .map(({ operation, name }) => `${operation} ${name}`)
          .sort(),
        ["create added-1", "create added-2", "create added-3"],
      );
      // The wait for the nodes begins anew; nothing of a cloud does.
      const replaced = touched.filter(
        ({ operation, type }) => operation.includes("replace") && !type.startsWith("command:"),
      );
      assert.deepEqual(replaced, [], lines(replaced));
      touchesNoOther(
        touched,
        nodes.map(({ name }) => name),
      );
    }

    /** The first other place of the pool's cloud that sells its type; the pool's own where the nodes' one private network is their pod network. */
    function otherRegion(pool: CloudPool): string {
      const { cluster } = configuration;
      if (cluster.kind !== "k3s" || cluster.network === "flannel") return pool.region;
      const isTaken = (region: string) =>
        configuration.pools.some(
          (other) => other.cloud === pool.cloud && placeOf(other) === placeOf({ cloud: pool.cloud, region }),
        );
      const free = regions[pool.cloud].find(
        (region) => !isTaken(region) && complainAboutType({ ...pool, region }) === undefined,
      );
      return free ?? pool.region;
    }

    async function removesOnlyThatPool(session: Session, pool: string): Promise<void> {
      await configure(session, { pools: rawPools().filter(({ name }) => name !== pool) });
      const gone = nodes.filter((node) => node.pool.name === pool && node.pool.cloud !== "on-prem");
      if (gone.length > 0) await assert.rejects(plan(session), /would be deleted, and (is|are) protected/);
      await liftProtection(session.stack);
      const touched = await plan(session);
      assert.deepEqual(
        touched
          .filter(isServer)
          .map(({ operation, name }) => `${operation} ${name}`)
          .sort(),
        gone.map(({ name }) => `delete ${name}`).sort(),
      );
      touchesNoOther(
        touched,
        nodes.filter((node) => node.pool.name !== pool).map(({ name }) => name),
      );
    }

    function rawPools(): Record<string, unknown>[] {
      return configuration.pools.map(rawPool);
    }
  });
}

/** Records and firewalls follow the nodes that there are; everything else of a node stays as it is. */
function touchesNoOther(touched: readonly Change[], others: readonly string[]): void {
  const isShared = ({ type }: Change) => /record|rrset|firewall|securitygroup/i.test(type);
  const wrong = touched.filter(
    (change) =>
      !isShared(change) && others.some((name) => change.name === name || change.name.startsWith(`${name}-`)),
  );
  assert.deepEqual(wrong, [], lines(wrong));
}

/** A pool as its file has it. */
function rawPool(pool: object | undefined): Record<string, unknown> & { readonly name: string } {
  return { name: "", ...pool };
}

function withoutName(cluster: object): object {
  return Object.fromEntries(Object.entries(cluster).filter(([key]) => key !== "name"));
}

interface StateResource {
  readonly type: string;
  readonly inputs?: Record<string, unknown>;
}

/** Rewrites what the state remembers of the servers' image and user-data. */
async function pretendAnEarlierVersion({ stack }: Session): Promise<void> {
  const exported = await stack.exportStack();
  const deployment = exported.deployment as { readonly resources: readonly StateResource[] };
  const resources = deployment.resources.map((resource) => {
    if (!isServer({ operation: "same", type: resource.type, name: "" }) || !resource.inputs) return resource;
    const inputs = { ...resource.inputs };
    for (const key of ["image", "userData", "ami", "osId", "cloudInit"]) {
      if (key in inputs && typeof inputs[key] !== "number") inputs[key] = "as it was";
    }
    return { ...resource, inputs };
  });
  await stack.importStack({ ...exported, deployment: { ...deployment, resources } });
}
