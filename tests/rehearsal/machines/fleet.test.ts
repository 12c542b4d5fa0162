import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { administratorKubeconfig } from "../../../infra/bootstrap/kubeconfig.ts";
import type { ClusterIdentity } from "../../../infra/bootstrap/node-bootstrap.ts";
import { CloudClient } from "../../../rehearsal/clouds/client.ts";
import type { CloudResource, CloudsState } from "../../../rehearsal/clouds/index.ts";
import { createSigningKey, issueCertificate } from "../../../rehearsal/kubernetes/pki/authority.ts";
import { Fleet } from "../../../rehearsal/machines/fleet.ts";
import { realIdentity, type Wish } from "../../infra/bootstrap/nodes.ts";
import { openClouds, type TestClouds } from "../clouds/clouds.ts";
import { clusterTools, testFolder, untilObject } from "../kubernetes/cluster.ts";
import { askForNodes } from "./program.ts";
import { userDataOf } from "./scene.ts";

interface Node {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly taints?: readonly { readonly key: string }[] };
  readonly status: {
    readonly capacity: Readonly<Record<string, string>>;
    readonly addresses: readonly { readonly type: string; readonly address: string }[];
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo: { readonly architecture: string };
  };
}

const operator = "203.0.113.7";
const controlPlanes = [
  { name: "master-1", address: "10.20.0.4" },
  { name: "master-2", address: "10.20.0.5" },
  { name: "master-3", address: "10.20.0.6" },
];

/** One cluster, from its beginning to its end: each test goes on where the one before it ended. */
describe("servers of simulated clouds", () => {
  const folder = testFolder();
  const clusterFolder = join(folder, "cluster");
  const hetzner = new CloudClient("hcloud");
  const servers = new Map<string, CloudResource>();
  let clouds: TestClouds;
  let fleet: Fleet;
  let identity: ClusterIdentity;
  let kubeconfig: string;
  let network: number;
  let firewall: CloudResource;
  let record: CloudResource;
  /** What the machines see of the clouds, while they do not look. */
  let held: CloudsState | undefined;

  const openApi = (...sourceIps: readonly string[]) => ({
    name: "control-planes",
    rules: [{ direction: "in", protocol: "tcp", port: "6443", sourceIps }],
  });

  async function start(): Promise<void> {
    clouds = await openClouds({ folder: join(folder, "clouds"), zones: ["example.org"] });
    fleet = await startFleet();
  }

  async function startFleet(): Promise<Fleet> {
    const started = new Fleet({
      name: "dev",
      clouds: { ...clouds, state: () => held ?? clouds.state() },
      folder: clusterFolder,
      tools: await clusterTools(),
      planned: [],
      seeds: join(folder, "seeds"),
      operator,
      signal: new AbortController().signal,
    });
    await started.settled();
    return started;
  }

  async function order(wish: Wish & { readonly name: string }, ip: string, as = identity): Promise<void> {
    const server = await hetzner.create("server", `urn:${wish.name}/${servers.size}`, {
      name: wish.name,
      serverType: wish.arch === "arm64" ? "cax31" : "cpx32",
      image: "ubuntu-24.04",
      location: "nbg1",
      userData: userDataOf(as, { cluster: { controlPlanes }, ...wish }),
      networks: [{ networkId: network, ip }],
      firewallIds: wish.role === "control-plane" ? [Number(firewall.id)] : [],
    });
    servers.set(wish.name, server);
    await fleet.settled();
  }

  async function orderMaster(number: number, as = identity): Promise<void> {
    await order({ name: `master-${number}`, role: "control-plane" }, `10.20.0.${3 + number}`, as);
  }

  async function remove(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await hetzner.delete("server", servers.get(name)?.id ?? "");
      servers.delete(name);
    }
    await fleet.settled();
  }

  const addressOf = (name: string) => String(servers.get(name)?.outputs.ipv4Address);

  /** Lets the API's host lead to servers. */
  async function lead(...names: readonly string[]): Promise<void> {
    const records = names.map((name) => ({ value: addressOf(name) }));
    await hetzner.update("zoneRrset", record.id, { ...record.inputs, records });
  }

  function client() {
    assert.ok(fleet.cluster, "there is a cluster");
    return fleet.cluster.client;
  }

  const nodeOf = async (name: string) => (await client().request("GET", `/api/v1/nodes/${name}`)) as Node;
  const nodeNames = async () => {
    const { items } = (await client().request("GET", "/api/v1/nodes")) as {
      readonly items: readonly { readonly metadata: { readonly name: string } }[];
    };
    return items.map(({ metadata }) => metadata.name).sort();
  };
  const isReady = (node: Node) => node.status.conditions.find(({ type }) => type === "Ready")?.status;
  /** Tells one cluster from another. */
  const birth = async () => {
    const { metadata } = (await client().request("GET", "/api/v1/namespaces/kube-system")) as {
      readonly metadata: { readonly uid: string };
    };
    return metadata.uid;
  };

  before(async () => {
    const { authorities, ...tokens } = await realIdentity();
    identity = { ...tokens, authorities: { ...authorities, "service.key": createSigningKey() } };
    const { "server-ca.crt": serverAuthority, "client-ca.crt": certificate } = identity.authorities;
    const administrator = await issueCertificate(
      { certificate, key: identity.authorities["client-ca.key"] },
      { commonName: "administrator", organization: "system:masters", days: 1 },
    );
    kubeconfig = administratorKubeconfig("dev", "api.dev.example.org", { serverAuthority, ...administrator });
    await start();
    const { id } = await hetzner.create("network", "urn:network", { name: "dev", ipRange: "10.20.0.0/16" });
    network = Number(id);
    await hetzner.create("networkSubnet", "urn:subnet", {
      networkId: network,
      type: "cloud",
      networkZone: "eu-central",
      ipRange: "10.20.0.0/24",
    });
    firewall = await hetzner.create("firewall", "urn:firewall", openApi(`${operator}/32`));
  });

  after(async () => {
    await fleet.stop();
    await clouds.stop();
  });

  it("wait for the first control plane", async () => {
    const labels = { "uap.dev/role": "worker" };
    await order({ name: "worker-1", labels, taints: ["dedicated=data:NoSchedule"] }, "10.20.0.11");
    assert.equal(fleet.cluster, undefined);
    assert.deepEqual(
      [...fleet.obstacles],
      [["worker-1", "waits for the first control plane, which has not begun the cluster."]],
    );
    await orderMaster(2);
    assert.equal(fleet.cluster, undefined, "the second one by name begins no cluster");
    await remove("master-2");
  });

  it("form a cluster: each is a node as its user-data says, and as big as its type", async () => {
    await orderMaster(1);
    const labels = { "uap.dev/gpu": "nvidia", "uap.dev/role": "worker" };
    await order({ name: "worker-2", arch: "arm64", labels }, "10.20.0.12");
    assert.equal(fleet.size, 3);
    assert.deepEqual([...fleet.obstacles], []);
    assert.deepEqual(await nodeNames(), ["master-1", "worker-1", "worker-2"]);
    const [master, one, two] = await Promise.all(["master-1", "worker-1", "worker-2"].map(nodeOf));
    assert.ok(master && one && two);
    assert.equal(master.metadata.labels["topology.kubernetes.io/region"], "nbg1");
    assert.equal(master.metadata.labels["node-role.kubernetes.io/control-plane"], "true");
    assert.equal(master.metadata.labels["node-role.kubernetes.io/etcd"], "true");
    assert.equal(one.metadata.labels["node-role.kubernetes.io/control-plane"], undefined);
    // Kubernetes adds taints of its own until a node is ready.
    assert.deepEqual(
      one.spec.taints?.filter(({ key }) => !key.startsWith("node.kubernetes.io/")),
      [{ key: "dedicated", value: "data", effect: "NoSchedule" }],
    );
    assert.equal(two.metadata.labels["uap.dev/role"], "worker");
    assert.deepEqual(
      [master, one, two].map(({ status: { capacity, nodeInfo, addresses } }) => [
        capacity.cpu,
        capacity.memory,
        nodeInfo.architecture,
        capacity["nvidia.com/gpu"],
        addresses[0]?.address,
      ]),
      [
        ["4", String(8 * 2 ** 30), "amd64", undefined, "10.20.0.4"],
        ["4", String(8 * 2 ** 30), "amd64", undefined, "10.20.0.11"],
        ["8", String(16 * 2 ** 30), "arm64", "1", "10.20.0.12"],
      ],
    );
  });

  it("serve the kubeconfig that the program makes, at the API's host", async () => {
    record = await hetzner.create("zoneRrset", "urn:api", {
      zone: "example.org",
      name: "api.dev",
      type: "A",
      ttl: 60,
      records: [{ value: addressOf("master-1") }],
    });
    const names = await askForNodes(clouds.url, kubeconfig);
    assert.deepEqual(names, ["master-1", "worker-1", "worker-2"]);
  });

  it("let no kubeconfig of other authorities in", async () => {
    const other = await realIdentity();
    const { "server-ca.crt": serverAuthority } = identity.authorities;
    const { "client-ca.crt": certificate, "client-ca.key": key } = other.authorities;
    const stranger = await issueCertificate(
      { certificate, key },
      { commonName: "stranger", organization: "system:masters", days: 1 },
    );
    const text = administratorKubeconfig("dev", "api.dev.example.org", { serverAuthority, ...stranger });
    await assert.rejects(askForNodes(clouds.url, text), /401|Unauthorized/);
  });

  it("answer nobody whom the firewall does not let in", async () => {
    await hetzner.update("firewall", firewall.id, openApi("203.0.113.8/32"));
    await assert.rejects(askForNodes(clouds.url, kubeconfig), /api\.dev\.example\.org/);
    await hetzner.update("firewall", firewall.id, openApi(`${operator}/32`));
    assert.equal((await askForNodes(clouds.url, kubeconfig)).length, 3);
  });

  it("are nodes that nobody answers for, once they are deleted", async () => {
    await remove("worker-2");
    assert.equal(fleet.size, 2);
    const node = await untilObject<Node>(
      client(),
      "/api/v1/nodes/worker-2",
      ({ spec }) => spec.taints?.some(({ key }) => key === "node.kubernetes.io/unreachable") === true,
    );
    assert.equal(isReady(node), "Unknown");
  });

  it("leave their name to the next one", async () => {
    await order({ name: "worker-2" }, "10.20.0.12");
    const node = await untilObject<Node>(
      client(),
      "/api/v1/nodes/worker-2",
      (found) => isReady(found) === "True",
    );
    assert.equal(node.status.nodeInfo.architecture, "amd64");
    assert.equal(node.status.capacity["nvidia.com/gpu"], undefined);
    await remove("worker-2");
  });

  it("are refused when a node of their name is there", async () => {
    const digitalocean = new CloudClient("digitalocean");
    const vpc = await digitalocean.create("vpc", "urn:vpc", {
      name: "dev",
      region: "fra1",
      ipRange: "10.20.1.0/24",
    });
    const droplet = await digitalocean.create("droplet", "urn:droplet", {
      name: "worker-1",
      region: "fra1",
      size: "s-2vcpu-4gb",
      image: "ubuntu-24-04-x64",
      vpcUuid: vpc.id,
      userData: userDataOf(identity, { name: "worker-1", cloud: "digitalocean" }),
    });
    await fleet.settled();
    assert.match(fleet.obstacles.get("worker-1") ?? "", /another machine is the node of that name/);
    assert.equal((await nodeOf("worker-1")).status.capacity.cpu, "4");
    await digitalocean.delete("droplet", droplet.id);
    await fleet.settled();
    assert.deepEqual([...fleet.obstacles], []);
  });

  it("are the same cluster after a pause, and those who were no nodes are none", async () => {
    await orderMaster(2, { ...identity, serverToken: `${identity.serverToken}x` });
    assert.match(fleet.obstacles.get("master-2") ?? "", /no such token of a server/);
    const uid = await birth();
    await client().request("PATCH", "/api/v1/nodes/worker-1", {
      contentType: "application/merge-patch+json",
      body: {
        metadata: { labels: { disk: "ssd", "uap.dev/role": null, "topology.kubernetes.io/region": "moon" } },
        spec: { taints: [{ key: "full", effect: "PreferNoSchedule" }] },
      },
    });
    await fleet.stop();
    await clouds.stop();
    await start();
    assert.equal(await birth(), uid);
    assert.equal(fleet.size, 2);
    assert.deepEqual(await nodeNames(), ["master-1", "worker-1", "worker-2"]);
    // A kubelet that starts again sets few of its labels, and no taint.
    const { metadata, spec } = await nodeOf("worker-1");
    assert.deepEqual(
      ["disk", "uap.dev/role", "topology.kubernetes.io/region"].map((key) => metadata.labels[key]),
      ["ssd", undefined, "nbg1"],
    );
    assert.deepEqual(spec.taints, [{ key: "full", effect: "PreferNoSchedule" }]);
    assert.equal(isReady(await nodeOf("master-1")), "True");
    assert.equal(isReady(await nodeOf("worker-2")), "Unknown");
    assert.match(fleet.obstacles.get("master-2") ?? "", /no such token of a server/);
    assert.deepEqual(await askForNodes(clouds.url, kubeconfig), ["master-1", "worker-1", "worker-2"]);
    await remove("master-2");
  });

  it("serve the API at every control plane, when the first one is gone too", async () => {
    await orderMaster(2);
    await orderMaster(3);
    const uid = await birth();
    await lead("master-1", "master-2", "master-3");
    assert.equal((await askForNodes(clouds.url, kubeconfig)).length, 5);
    await remove("master-1");
    assert.equal((await askForNodes(clouds.url, kubeconfig)).length, 5, "its record is still there");
    for (const name of ["master-2", "master-3"]) {
      await lead(name);
      assert.equal((await askForNodes(clouds.url, kubeconfig)).length, 5, name);
    }
    assert.equal(isReady(await nodeOf("master-1")), "Unknown");
    await orderMaster(1);
    assert.equal(fleet.size, 4);
    assert.equal(await birth(), uid, "it joins the others again");
    await lead("master-1");
    assert.equal((await askForNodes(clouds.url, kubeconfig)).length, 5);
  });

  it("are no cluster any more without a control plane, and the next one is another", async () => {
    const uid = await birth();
    await remove("master-1", "master-2", "master-3");
    assert.equal(fleet.cluster, undefined);
    assert.equal(existsSync(clusterFolder), false);
    assert.match(fleet.obstacles.get("worker-1") ?? "", /^waits for the first control plane/);
    await assert.rejects(askForNodes(clouds.url, kubeconfig), /api\.dev\.example\.org/);
    await orderMaster(1);
    assert.notEqual(await birth(), uid);
    assert.deepEqual(await nodeNames(), ["master-1", "worker-1"]);
  });

  it("begin another cluster when all control planes are replaced at once", async () => {
    const uid = await birth();
    held = clouds.state();
    await remove("master-1");
    await orderMaster(1);
    assert.equal(await birth(), uid);
    held = undefined;
    fleet.lookAgain();
    await fleet.settled();
    assert.notEqual(await birth(), uid);
    assert.deepEqual(await nodeNames(), ["master-1", "worker-1"]);
  });

  it("begin another cluster when all control planes are replaced while nobody looks", async () => {
    const uid = await birth();
    await fleet.stop();
    await remove("master-1");
    await orderMaster(1);
    fleet = await startFleet();
    assert.notEqual(await birth(), uid);
    assert.deepEqual(await nodeNames(), ["master-1", "worker-1"]);
  });
});
