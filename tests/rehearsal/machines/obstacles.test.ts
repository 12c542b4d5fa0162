import assert from "node:assert/strict";
import type { ClusterIdentity } from "../../../infra/bootstrap/node-bootstrap.ts";
import { publicAddressOf, type Machine } from "../../../rehearsal/machines/machine.ts";
import { planOf } from "../../../rehearsal/machines/obstacles.ts";
import { realIdentity, type Wish } from "../../infra/bootstrap/nodes.ts";
import { Scene, siteMachine, userDataOf, world } from "./scene.ts";

const site = "198.51.100.7";
/** Nodes that find the API by its host alone. */
const byName = { controlPlanes: [{ name: "master-1" }] };

describe("what keeps a machine from joining its cluster", () => {
  let identity: ClusterIdentity;
  let scene: Scene;

  before(async () => {
    identity = await realIdentity();
  });

  beforeEach(() => {
    scene = new Scene();
  });

  const userData = (wish: Wish = {}) => userDataOf(identity, wish);

  /** A cluster in the private network of one cloud. */
  function privateCluster(): Machine {
    return scene.hetzner("master-1", userData({ role: "control-plane" }), "10.20.0.4");
  }

  /** A cluster whose nodes meet at public addresses, and a worker at another cloud. Nothing stands in between yet. */
  function mesh(network: "wireguard" | "kilo"): { master: Machine; worker: Machine } {
    const wish = { network, cluster: byName } as const;
    const master = scene.hetzner("master-1", userData({ ...wish, role: "control-plane" }), "10.20.0.4");
    const worker = scene.digitalocean("worker-1", userData({ ...wish, cloud: "digitalocean" }));
    scene.name("api.dev", publicAddressOf(master));
    return { master, worker };
  }

  /** A cluster at DigitalOcean, whose firewall filters private networks too. */
  function filteredCluster(): { master: Machine; worker: Machine } {
    const wish = { cloud: "digitalocean", cluster: byName } as const;
    const master = scene.digitalocean("master-1", userData({ ...wish, role: "control-plane" }));
    const worker = scene.digitalocean("worker-1", userData(wish));
    scene.name("api.dev", publicAddressOf(master));
    return { master, worker };
  }

  const alone = (machine: Machine) => [`${publicAddressOf(machine)}/32`];

  it("is nothing in a private network", () => {
    const master = privateCluster();
    const worker = scene.hetzner("worker-1", userData(), "10.20.0.5");
    // At Hetzner, firewalls do not filter private networks.
    scene.guard(master);
    scene.guard(worker);
    assert.equal(scene.obstacle(worker, [master]), undefined);
  });

  it("is nothing where the private network is filtered, and the pods' packets may pass", () => {
    const { master, worker } = filteredCluster();
    scene.guard(master, ["tcp", 6443, alone(worker)], ["udp", 8472, ["10.20.0.0/16"]]);
    scene.guard(worker, ["udp", 8472, ["10.20.0.0/16"]]);
    assert.equal(scene.obstacle(worker, [master]), undefined);
  });

  for (const network of ["wireguard", "kilo"] as const) {
    it(`is nothing between clouds with ${network}`, () => {
      const { master, worker } = mesh(network);
      scene.guard(master, ["tcp", 6443, alone(worker)], ["udp", 51_820, world]);
      scene.guard(worker, ["udp", 51_820, world]);
      assert.equal(scene.obstacle(worker, [master]), undefined);
    });
  }

  it("is user-data that makes no node of it, for good", () => {
    const master = privateCluster();
    const worker = scene.hetzner("worker-1", "#!/bin/sh\n", "10.20.0.5");
    assert.match(scene.obstacle(worker, [master]) ?? "", /first line is not "#cloud-config"/);
    const plan = planOf(worker);
    assert.match(typeof plan === "string" ? plan : "", /first line is not "#cloud-config"/);
  });

  it("is the private network, until it is attached", () => {
    const master = privateCluster();
    const worker = scene.hetzner("worker-1", userData());
    assert.equal(
      scene.obstacle(worker, [master]),
      "has no address in 10.20.0.0/16: it waits to be attached to its private network.",
    );
  });

  it("is a token of another cluster", async () => {
    const master = privateCluster();
    const other = userDataOf(await realIdentity(), {});
    const worker = scene.hetzner("worker-1", other, "10.20.0.5");
    assert.match(scene.obstacle(worker, [master]) ?? "", /^carries a token for another cluster/);
  });

  it("is a token with another secret", () => {
    const master = privateCluster();
    const wrong = (name: "agentToken" | "serverToken") => ({ ...identity, [name]: `${identity[name]}x` });
    const worker = scene.hetzner("worker-1", userDataOf(wrong("agentToken"), {}), "10.20.0.5");
    const second = { role: "control-plane", name: "master-2" } as const;
    const server = scene.hetzner("master-2", userDataOf(wrong("serverToken"), second), "10.20.0.6");
    assert.equal(
      scene.obstacle(worker, [master]),
      "was refused: the cluster knows no such token of an agent.",
    );
    assert.equal(
      scene.obstacle(server, [master]),
      "was refused: the cluster knows no such token of a server.",
    );
  });

  it("is an agent's token on a server, and no server's token on an agent", () => {
    const master = privateCluster();
    const second = userData({ role: "control-plane", name: "master-2" });
    const wrong = second.replace(identity.serverToken, identity.agentToken);
    const server = scene.hetzner("master-2", wrong, "10.20.0.6");
    assert.match(scene.obstacle(server, [master]) ?? "", /token of an agent lets no server join/);
    const agent = userData().replace(identity.agentToken, identity.serverToken);
    assert.equal(scene.obstacle(scene.hetzner("worker-1", agent, "10.20.0.5"), [master]), undefined);
  });

  it("is the name of a machine that is a node", () => {
    const master = privateCluster();
    const worker = scene.hetzner("worker-1", userData(), "10.20.0.5");
    assert.match(
      scene.obstacle(worker, [master], ["worker-1"]) ?? "",
      /another machine is the node of that name/,
    );
  });

  it("is a name that does not resolve", () => {
    const master = privateCluster();
    const worker = scene.hetzner("worker-1", userData({ cluster: byName }), "10.20.0.5");
    assert.equal(
      scene.obstacle(worker, [master]),
      "finds no server of its cluster: the name api.dev.example.org does not resolve.",
    );
  });

  it("is an address where nobody answers", () => {
    const master = privateCluster();
    const worker = scene.hetzner("worker-1", userData({ cluster: byName }), "10.20.0.5");
    scene.name("api.dev", publicAddressOf(worker));
    assert.equal(
      scene.obstacle(worker, [master]),
      `finds no server of its cluster: nobody answers at ${publicAddressOf(worker)}.`,
    );
  });

  it("is a private address in a network that is not its own", () => {
    const master = privateCluster();
    const wish = { cloud: "digitalocean", cluster: { privateCidr: "10.20.0.0/16" } } as const;
    const worker = scene.digitalocean("worker-1", userData(wish));
    assert.match(
      scene.obstacle(worker, [master]) ?? "",
      /10\.20\.0\.4 is not an address in a network of worker-1, .* the name api\.dev\.example\.org does not resolve/,
    );
  });

  it("is a firewall that does not let it in at the API", () => {
    const { master, worker } = mesh("wireguard");
    scene.guard(master, ["tcp", 6443, ["203.0.113.7/32"]], ["udp", 51_820, world]);
    assert.equal(
      scene.obstacle(worker, [master]),
      "finds no server of its cluster: The firewall of master-1 does not let " +
        `${publicAddressOf(worker)} in at tcp port 6443.`,
    );
  });

  it("is not a control plane that does not let it in, when another one does", () => {
    const { master } = mesh("wireguard");
    scene.guard(master, ["udp", 51_820, world]);
    const cluster = { apiHost: "both.example.org", controlPlanes: [] };
    const wish = { network: "wireguard", cluster } as const;
    const second = scene.hetzner(
      "master-2",
      userData({ ...wish, role: "control-plane", name: "master-2" }),
      "10.20.0.6",
    );
    const worker = scene.digitalocean("worker-2", userData({ ...wish, cloud: "digitalocean" }));
    scene.name("both", publicAddressOf(master), publicAddressOf(second));
    assert.equal(scene.obstacle(worker, [master, second]), undefined);
    scene.guard(second, ["udp", 51_820, world]);
    assert.match(
      scene.obstacle(worker, [master, second]) ?? "",
      /firewall of master-1 .* 6443\. The firewall of master-2 .* 6443\.$/,
    );
  });

  it("is a VXLAN that is closed in either direction", () => {
    for (const closed of ["master-1", "worker-1"]) {
      scene = new Scene();
      const { master, worker } = filteredCluster();
      for (const machine of [master, worker]) {
        const openings =
          machine.name === closed ? ([] as const) : ([["udp", 8472, ["10.20.0.0/16"]]] as const);
        scene.guard(machine, ["tcp", 6443, world], ...openings);
      }
      assert.match(
        scene.obstacle(worker, [master]) ?? "",
        new RegExp(
          `^cannot exchange pods' packets with master-1: The firewall of ${closed} does not let 10\\.20\\.\\S+ in at udp port 8472\\.$`,
        ),
      );
    }
  });

  for (const network of ["wireguard", "kilo"] as const) {
    it(`is the WireGuard of ${network} that is closed in either direction`, () => {
      for (const closed of ["master-1", "worker-1"]) {
        scene = new Scene();
        const { master, worker } = mesh(network);
        for (const machine of [master, worker]) {
          const openings = machine.name === closed ? ([] as const) : ([["udp", 51_820, world]] as const);
          scene.guard(machine, ["tcp", 6443, world], ...openings);
        }
        assert.match(
          scene.obstacle(worker, [master]) ?? "",
          new RegExp(`with master-1: The firewall of ${closed} does not let \\S+ in at udp port 51820\\.$`),
        );
      }
    });
  }

  it("is any control plane that pods' packets cannot reach", () => {
    const { master, worker } = mesh("kilo");
    const wish = { network: "kilo", cluster: byName } as const;
    const second = scene.hetzner(
      "master-2",
      userData({ ...wish, role: "control-plane", name: "master-2" }),
      "10.20.0.6",
    );
    scene.guard(second, ["tcp", 6443, world]);
    assert.match(scene.obstacle(worker, [master, second]) ?? "", /^cannot exchange .* with master-2: [^:]*$/);
  });

  describe("on-premises", () => {
    const wish = { network: "kilo", cluster: byName } as const;
    const sensor = (name: string, gateway?: string) =>
      siteMachine(name, userData({ ...wish, cloud: "on-prem", name }), site, gateway);
    let master: Machine;

    beforeEach(() => {
      ({ master } = mesh("kilo"));
    });

    it("is a firewall that lets in all but the address of its site", () => {
      scene.guard(master, ["tcp", 6443, ["198.51.100.8/32"]], ["udp", 51_820, world]);
      assert.match(
        scene.obstacle(sensor("pi-1"), [master]) ?? "",
        /The firewall of master-1 does not let 198\.51\.100\.7 in at tcp port 6443/,
      );
    });

    it("is nothing when the site may come in: its tunnels open from inside", () => {
      scene.guard(master, ["tcp", 6443, [`${site}/32`]], ["udp", 51_820, [`${site}/32`]]);
      assert.equal(scene.obstacle(sensor("pi-1"), [master]), undefined);
    });

    it("is a WireGuard that does not let the site in", () => {
      scene.guard(master, ["tcp", 6443, [`${site}/32`]]);
      assert.match(
        scene.obstacle(sensor("pi-1"), [master]) ?? "",
        /let 198\.51\.100\.7 in at udp port 51820/,
      );
    });

    it("is a gateway that is no node, as long as it is none", () => {
      const behind = sensor("pi-1", "router");
      assert.equal(
        scene.obstacle(behind, [master]),
        "is behind router, which is no node of the cluster: nobody reaches it through its router.",
      );
      assert.equal(scene.obstacle(behind, [master], ["router"]), undefined);
    });
  });
});
