import assert from "node:assert/strict";
import { parse } from "yaml";
import { cloudControllerBootstrap } from "../../../infra/bootstrap/cloud-controller.ts";
import { cloudInit, userDataLimit } from "../../../infra/bootstrap/cloud-init.ts";
import { agentSettings, serverSettings } from "../../../infra/bootstrap/k3s-config.ts";
import { complainAboutSettings } from "../../../infra/bootstrap/k3s-flags.ts";
import { nodePaths } from "../../../infra/bootstrap/node-bootstrap.ts";
import { canIsolate, Machine } from "../../infra/bootstrap/machine.ts";
import { bootstrapOf, namedIdentity } from "../../infra/bootstrap/nodes.ts";

const cluster = { cloudController: true, disabled: ["servicelb"] } as const;
const identity = namedIdentity();

/** Metadata services of the three clouds, and nothing else in the world. */
const curl = `#!/bin/sh
case "$*" in
  *169.254.169.254/hetzner/v1/metadata/instance-id) printf 4711 ;;
  *169.254.169.254/metadata/v1/id) printf 1234567 ;;
  *169.254.169.254/latest/api/token) printf key ;;
  *'X-aws-ec2-metadata-token: key'*meta-data/public-ipv4) printf 203.0.113.9 ;;
  *'X-aws-ec2-metadata-token: key'*meta-data/placement/availability-zone) printf eu-central-1b ;;
  *'X-aws-ec2-metadata-token: key'*meta-data/instance-id) printf i-0123456789abcdef0 ;;
  *) exit 22 ;;
esac
`;

describe("a cluster with its cloud's controller", () => {
  it("has none of k3s, and k3s' load balancers unless the cloud's controller makes some", () => {
    const bootstrap = (options?: object) =>
      cloudControllerBootstrap(options ? { "cloud-controller": options } : { ingress: {} });
    assert.deepEqual(bootstrap(), { replaced: [] });
    assert.deepEqual(bootstrap({ loadBalancers: false }), { cloudController: true, replaced: [] });
    assert.deepEqual(bootstrap({ loadBalancers: true }), { cloudController: true, replaced: ["servicelb"] });
  });

  it("tells k3s so, on control planes and agents, by flags that k3s has", () => {
    const server = serverSettings(bootstrapOf({ role: "control-plane", cluster }), identity);
    const agent = agentSettings(bootstrapOf({ cluster }), identity.agentToken);
    assert.deepEqual(complainAboutSettings("server", server), []);
    assert.deepEqual(complainAboutSettings("agent", agent), []);
    assert.equal(server["disable-cloud-controller"], true);
    assert.deepEqual(server.disable, ["servicelb"]);
    for (const settings of [server, agent])
      assert.ok(settings["kubelet-arg"]?.includes("cloud-provider=external"), "the kubelet waits");
  });

  it("changes nothing for all other clusters", () => {
    const server = serverSettings(bootstrapOf({ role: "control-plane" }), identity);
    assert.ok(!("disable-cloud-controller" in server));
    assert.ok(!server["kubelet-arg"]?.includes("cloud-provider=external"));
  });

  it("fits into user-data at every cloud", () => {
    for (const cloud of ["hetzner", "digitalocean", "aws"] as const)
      for (const role of ["control-plane", "worker"] as const) {
        const bootstrap = bootstrapOf({ cloud, role, cluster });
        assert.ok(Buffer.byteLength(cloudInit(bootstrap, identity)) < userDataLimit, `${cloud} ${role}`);
      }
  });
});

describe("a booting machine of such a cluster", () => {
  before(async function () {
    if (!(await canIsolate())) this.skip();
  });

  const expected = {
    hetzner: "hcloud://4711",
    digitalocean: "digitalocean://1234567",
    aws: "aws:///eu-central-1b/i-0123456789abcdef0",
  } as const;
  for (const cloud of ["hetzner", "digitalocean", "aws"] as const)
    it(`tells its kubelet by which name the cloud knows it: ${cloud}`, async () => {
      const machine = await Machine.create(bootstrapOf({ cloud, cluster }));
      try {
        await machine.write("/stand-ins/curl", curl, 0o755);
        // It gets no further than to the download of k3s, which comes after its addresses.
        const { output } = await machine.boot();
        const written = await machine.read(nodePaths.addresses);
        assert.ok(written !== undefined, output);
        const settings = parse(written) as Record<string, unknown>;
        assert.deepEqual(settings["kubelet-arg+"], [`provider-id=${expected[cloud]}`]);
        assert.equal(typeof settings["node-ip"], "string");
      } finally {
        await machine.remove();
      }
    });
});
