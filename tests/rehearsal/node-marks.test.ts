import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ingressLabel } from "../../infra/node-labels.ts";
import type { KubernetesClient } from "../../rehearsal/kubernetes/client.ts";
import type { Session } from "../../rehearsal/session/session.ts";
import { configure, lines, plan, RehearsedStack, update } from "../support/rehearsed-stack.ts";
import { until, untilObject } from "./kubernetes/cluster.ts";

interface Node {
  readonly metadata: {
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly taints?: readonly { readonly key: string; readonly value?: string }[] };
}

function clientOf({ cluster }: Session): KubernetesClient {
  assert.ok(cluster.client, "there is a cluster");
  return cluster.client;
}

async function nodeOf(session: Session, name: string): Promise<Node> {
  return (await clientOf(session).request("GET", `/api/v1/nodes/${name}`)) as Node;
}

const platform = { preset: "minimal", systems: { portal: false, ingress: false, "cert-manager": false } };
const hetzner = { cloud: "hetzner", region: "nbg1", type: "cpx32" };

describe("an edit of a pool's labels, taints and ingress", () => {
  const master = { name: "master", ...hetzner, role: "control-plane" };
  const worker = { name: "worker", ...hetzner, count: 2 };
  const edge = { name: "edge", ...hetzner };
  const pools = [
    master,
    { ...worker, ingress: true },
    { ...edge, labels: { disk: "hdd" }, taints: ["dedicated=edge:NoSchedule"] },
  ];
  const edited = [
    { ...master, taints: ["dedicated=master:NoSchedule"] },
    worker,
    { ...edge, ingress: true, labels: { tier: "front" } },
  ];
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("dev5");
  });
  after(() => rehearsed.close());

  /** The labels and taints of all nodes, as far as configurations speak of them. */
  async function marks(session: Session): Promise<Readonly<Record<string, readonly string[]>>> {
    const names = ["master-1", "worker-1", "worker-2", "edge-1"];
    const entries = names.map(async (name) => {
      const { metadata, spec } = await nodeOf(session, name);
      const labels = ["disk", "tier", ingressLabel].filter((key) => key in metadata.labels);
      return [name, [...labels, ...(spec.taints ?? []).map(({ key, value }) => `${key}=${value}`)]];
    });
    return Object.fromEntries((await Promise.all(entries)) as [string, string[]][]);
  }

  /** The nodes that the pods of a DaemonSet are on. */
  async function placesOf(client: KubernetesClient, name: string): Promise<string[]> {
    const { items } = (await client.request("GET", "/api/v1/namespaces/default/pods", {
      query: { labelSelector: `app=${name}` },
    })) as { items: { spec: { nodeName?: string }; metadata: { deletionTimestamp?: string } }[] };
    return items.map(({ spec }) => spec.nodeName ?? "").sort();
  }

  it("reaches the nodes that are there, and the pods that follow them, and replaces no server", () =>
    rehearsed.session(
      async (session) => {
        await update(session);
        const client = clientOf(session);
        assert.deepEqual(await marks(session), {
          "master-1": [],
          "worker-1": [ingressLabel],
          "worker-2": [ingressLabel],
          "edge-1": ["disk", "dedicated=edge"],
        });
        await client.request("POST", "/apis/apps/v1/namespaces/default/daemonsets", { body: traefik });
        const waitForPlaces = (places: readonly string[]) =>
          until(async () =>
            (await placesOf(client, "traefik")).join() === places.join() ? true : undefined,
          );
        await waitForPlaces(["worker-1", "worker-2"]);
        const uids = await Promise.all(["worker-1", "edge-1"].map((name) => nodeOf(session, name)));
        // Somebody cordons a node meanwhile, and labels it.
        await client.request("PATCH", "/api/v1/nodes/edge-1", {
          contentType: "application/merge-patch+json",
          body: { metadata: { labels: { theirs: "1" } }, spec: { unschedulable: true } },
        });
        const edgePath = "/api/v1/nodes/edge-1";
        await untilObject<Node>(client, edgePath, ({ spec }) => spec.taints?.length === 2);

        await configure(session, { pools: edited });
        const changes = await update(session);
        assert.deepEqual(
          changes.filter(({ operation }) => operation !== "update"),
          [],
          lines(changes),
        );
        assert.deepEqual(await marks(session), {
          "master-1": ["dedicated=master"],
          "worker-1": [],
          "worker-2": [],
          "edge-1": ["tier", ingressLabel, "node.kubernetes.io/unschedulable=undefined"],
        });
        await waitForPlaces(["edge-1"]);
        const now = await Promise.all(["worker-1", "edge-1"].map((name) => nodeOf(session, name)));
        assert.deepEqual(
          now.map(({ metadata }) => metadata.uid),
          uids.map(({ metadata }) => metadata.uid),
        );
        assert.equal(now[1]?.metadata.labels.theirs, "1");
        assert.deepEqual(await plan(session), []);
      },
      { pools, platform },
    ));

  it("lasts when the machines start again", () =>
    rehearsed.session(
      async (session) => {
        const { "worker-1": worker1, "edge-1": edge1 } = await marks(session);
        assert.deepEqual(worker1, []);
        assert.deepEqual(edge1?.slice(0, 2), ["tier", ingressLabel]);
        assert.deepEqual(await plan(session), []);
      },
      { pools: edited, platform },
    ));
});

/** As Traefik's chart makes it of the platform's values, with the permission to do nothing. */
const traefik = {
  metadata: { name: "traefik" },
  spec: {
    selector: { matchLabels: { app: "traefik" } },
    template: {
      metadata: { labels: { app: "traefik" } },
      spec: {
        nodeSelector: { [ingressLabel]: "true" },
        tolerations: [{ operator: "Exists" }],
        containers: [{ name: "traefik", image: "traefik" }],
      },
    },
  },
};

describe("Kilo's annotations", () => {
  const size = { cpu: 4, memory: "4Gi", disk: "32Gi" };
  const lab = { cloud: "on-prem", region: "lab", publicAddress: "198.51.100.7", size };
  const nbg1 = { name: "nbg1", ...hetzner };
  const pools = [
    { name: "master", cloud: "digitalocean", region: "nyc3", type: "s-2vcpu-4gb", role: "control-plane" },
    { ...nbg1, ingress: true },
    { name: "lab-gpu", hosts: ["lab-gpu"], ...lab },
    { name: "lab-d", hosts: ["lab-d1"], behind: "lab-gpu", ...lab },
  ];
  const command = (name: string) => `urn:pulumi:hc1::uap::command:local:Command::${name}`;
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("hc1");
  });
  after(() => rehearsed.close());
  const inSession = (work: (session: Session) => Promise<void>) =>
    rehearsed.session(work, { pools, platform });

  async function annotationsOf(session: Session, name: string): Promise<string[]> {
    const { metadata } = await nodeOf(session, name);
    return Object.keys(metadata.annotations ?? {})
      .filter((key) => key.startsWith("kilo.squat.ai/"))
      .map((key) => key.slice("kilo.squat.ai/".length))
      .sort();
  }

  it("are on a server that took the place of another", () =>
    inSession(async (session) => {
      await update(session);
      const { metadata } = await nodeOf(session, "nbg1-1");
      assert.deepEqual(await annotationsOf(session, "nbg1-1"), ["force-internal-ip"]);
      await configure(session, {
        pools: pools.map((pool) => (pool.name === "nbg1" ? { ...pool, replace: ["nbg1-1"] } : pool)),
      });
      await update(session);
      const now = await nodeOf(session, "nbg1-1");
      assert.notEqual(now.metadata.uid, metadata.uid);
      assert.deepEqual(await annotationsOf(session, "nbg1-1"), ["force-internal-ip"]);
      await configure(session, { pools });
      await update(session);
    }));

  it("are on a machine that was set up anew, once its place in the cluster is made anew", () =>
    inSession(async (session) => {
      const tunnel = ["force-endpoint", "location", "persistent-keepalive"];
      assert.deepEqual(await annotationsOf(session, "lab-d1"), tunnel);
      const { metadata } = await nodeOf(session, "lab-d1");
      // Switched off: its files are gone, and it comes back when they are written again.
      await rm(join(session.folders.seeds, "lab-d1"), { recursive: true });
      await untilObject<Node>(
        clientOf(session),
        "/api/v1/nodes/lab-d1",
        ({ spec }) => spec.taints?.some(({ key }) => key === "node.kubernetes.io/unreachable") === true,
      );
      await session.stack.up({ replace: [command("lab-d1")], color: "never" });
      const now = await nodeOf(session, "lab-d1");
      assert.notEqual(now.metadata.uid, metadata.uid);
      assert.deepEqual(await annotationsOf(session, "lab-d1"), tunnel);
      assert.deepEqual(await plan(session), []);
    }));

  it("are back on all nodes once the wait for them is made anew", () =>
    inSession(async (session) => {
      const leader = ["force-endpoint", "leader", "location", "persistent-keepalive"];
      assert.deepEqual(await annotationsOf(session, "lab-gpu"), leader);
      const annotations = Object.fromEntries(leader.map((key) => [`kilo.squat.ai/${key}`, null]));
      await clientOf(session).request("PATCH", "/api/v1/nodes/lab-gpu", {
        contentType: "application/merge-patch+json",
        body: { metadata: { annotations: { ...annotations, "uap.dev/managed": null } } },
      });
      await session.stack.refresh({ color: "never" });
      const unseen = (await plan(session)).filter(({ type }) => type === "command:local:Command");
      assert.deepEqual(unseen, [], lines(unseen));
      await session.stack.up({ replace: [command("hc1")], color: "never" });
      assert.deepEqual(await annotationsOf(session, "lab-gpu"), leader);
    }));
});
