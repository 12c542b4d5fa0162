import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import type { FirewallSettings } from "../../../infra/bootstrap/firewall-rules.ts";
import { firewallRules, world } from "../../../infra/bootstrap/firewall-rules.ts";
import { publicPortsOf } from "../../../infra/bootstrap/public-ports.ts";
import type { FirewallSource } from "../../../infra/firewall.ts";
import { range } from "../../config/arbitraries.ts";
import { networks } from "./nodes.ts";

const settings: FirewallSettings = {
  network: "flannel",
  access: { operatorCidrs: ["203.0.113.7/32"], allowWorld: false },
  privateCidr: "10.20.0.0/16",
};

/** What is open to a source, as `<protocol>/<ports> <target>`. */
function openTo(source: string, wish: Partial<FirewallSettings> = {}): string[] {
  return firewallRules({ ...settings, ...wish })
    .filter(({ sources }) => sources.includes(source))
    .map(({ protocol, ports, target }) => {
      const text =
        ports === undefined ? "" : ports.from === ports.to ? `/${ports.from}` : `/${ports.from}-${ports.to}`;
      return `${protocol}${text} ${target}`;
    });
}

describe("the firewall rules", () => {
  it("open nothing to the world but the ingress nodes' web ports, and WireGuard where there is a mesh", () => {
    const web = ["tcp/80 ingress", "tcp/443 ingress"];
    assert.deepEqual(openTo("0.0.0.0/0"), web);
    assert.deepEqual(openTo("0.0.0.0/0", { network: "wireguard" }), [...web, "udp/51820 all"]);
    assert.deepEqual(openTo("0.0.0.0/0", { network: "kilo" }), [...web, "udp/51820 all"]);
    assert.deepEqual(openTo("::/0"), web);
  });

  it("open nothing else to anybody outside, whoever the operators and wherever the nodes are", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...networks),
        fc.array(range(8, 32), { maxLength: 5 }),
        fc.array(range(32, 32), { maxLength: 5 }),
        range(8, 28),
        (network, operatorCidrs, apiCallers, privateCidr) => {
          const outside = firewallRules({
            network,
            access: { operatorCidrs, allowWorld: false },
            privateCidr,
            apiCallers,
          }).filter(({ sources }) => !(sources.length === 1 && sources[0] === privateCidr));
          for (const { protocol, ports, sources, target } of outside) {
            assert.ok(sources.length > 0);
            const port = `${protocol}/${ports?.from}-${ports?.to}`;
            if (port === "tcp/80-80" || port === "tcp/443-443") assert.equal(target, "ingress");
            else if (port === "udp/51820-51820") assert.notEqual(network, "flannel");
            else if (port === "tcp/22-22") assert.deepEqual(sources, operatorCidrs);
            else {
              assert.equal(port, "tcp/6443-6443");
              const allowed = new Set<FirewallSource>([...operatorCidrs, ...apiCallers]);
              assert.ok(sources.every((source) => allowed.has(source)));
            }
          }
        },
      ),
    );
  });

  it("open what a system serves outside, to everybody on the ingress nodes alone, when the stack says so", () => {
    const publicPorts = publicPortsOf({ mosquitto: { expose: true } });
    assert.deepEqual(openTo("0.0.0.0/0", { publicPorts }), [
      "tcp/80 ingress",
      "tcp/443 ingress",
      "tcp/8883 ingress",
    ]);
    assert.deepEqual(publicPortsOf({ mosquitto: { expose: false }, portal: {} }), []);
    assert.deepEqual(publicPortsOf({}), []);
  });

  it("open SSH and the API to operators", () => {
    assert.deepEqual(openTo("203.0.113.7/32"), ["tcp/22 all", "tcp/6443 control-plane"]);
  });

  it("open SSH and the API to the world only where the configuration says so", () => {
    const access = { operatorCidrs: [], allowWorld: true };
    assert.deepEqual(openTo("0.0.0.0/0", { access }), [
      "tcp/22 all",
      "tcp/6443 control-plane",
      "tcp/80 ingress",
      "tcp/443 ingress",
    ]);
    const [ssh] = firewallRules({ ...settings, access });
    assert.deepEqual(ssh?.sources, world);
  });

  it("open no SSH when there are no operators", () => {
    const rules = firewallRules({ ...settings, access: { operatorCidrs: [], allowWorld: false } });
    assert.ok(!rules.some(({ ports }) => ports?.from === 22));
  });

  it("open the API, and nothing else, to nodes that come to it from outside", () => {
    const server = { node: "worker-1", address: pulumi.output("198.18.0.1") };
    const site = "198.51.100.9/32";
    assert.deepEqual(openTo(site, { apiCallers: [server, site] }), ["tcp/6443 control-plane"]);
    const rules = firewallRules({ ...settings, apiCallers: [server, site] });
    const entered = rules.filter(({ sources }) => sources.includes(server));
    assert.deepEqual(
      entered.map(({ target, sources }) => [target, sources]),
      [["control-plane", ["203.0.113.7/32", server, site]]],
    );
  });

  it("name a source once, and no nodes where the whole world may come", () => {
    const [, api] = firewallRules({ ...settings, apiCallers: ["203.0.113.7/32"] });
    assert.deepEqual(api?.sources, ["203.0.113.7/32"]);
    const [, open] = firewallRules({
      ...settings,
      access: { operatorCidrs: [], allowWorld: true },
      apiCallers: ["198.51.100.9/32"],
    });
    assert.deepEqual(open?.sources, world);
  });

  it("open the cluster's ports within the private network", () => {
    assert.deepEqual(openTo("10.20.0.0/16"), [
      "tcp/6443 control-plane",
      "tcp/2379-2380 control-plane",
      "tcp/10250 all",
      "tcp/9100 all",
      "udp/8472 all",
      "icmp all",
    ]);
    assert.ok(!openTo("10.20.0.0/16", { network: "wireguard" }).includes("udp/8472 all"));
    // Kilo's agents, which Prometheus asks, are in their nodes' network.
    for (const rule of ["ipip all", "tcp/1107 all"]) {
      assert.ok(openTo("10.20.0.0/16", { network: "kilo" }).includes(rule), rule);
      assert.ok(!openTo("10.20.0.0/16").includes(rule), rule);
    }
  });
});
