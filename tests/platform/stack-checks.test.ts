import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfiguration } from "../../config/configuration.ts";
import { ConfigurationError, type Problem } from "../../config/problems.ts";
import { catalogue } from "../../platform/catalogue.ts";
import { stackChecks } from "../../platform/stack-checks.ts";
import { fixtureNames, readFixture } from "../config/fixtures.ts";

type Raw = Readonly<Record<string, unknown>>;

/** What is wrong with a configuration, by place. */
function problemsOf(raw: Raw, checks = stackChecks, stack = "dev"): readonly Problem[] {
  try {
    parseConfiguration(raw, catalogue, { stack }, checks);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

const places = (problems: readonly Problem[]) => problems.map(({ path }) => path);

const server = { cloud: "hetzner", region: "nbg1", type: "cpx22" };
const sound = {
  domain: "example.org",
  cluster: {},
  pools: [{ name: "master", role: "control-plane", ...server }],
  access: { operatorCidrs: ["203.0.113.7/32"] },
  acme: { email: "ops@example.org" },
  platform: { preset: "minimal", systems: {} as Raw },
};
const withSystems = (systems: Raw) => ({ ...sound, platform: { preset: "minimal", systems } });

describe("what is wrong with a stack", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "uap-mirror-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("is nothing where all is well", () => {
    assert.deepEqual(problemsOf(sound), []);
  });

  it("is told at once, whichever stage finds it", () => {
    const problems = problemsOf({
      ...sound,
      acme: {},
      charts: { source: "mirror", mirror: folder },
      pools: [{ name: "master", role: "control-plane", ...server, labels: { "uap.dev/role": "boss" } }],
      platform: {
        preset: "minimal",
        systems: {
          istio: { namespaces: [{ name: "kube-system" }] },
          "local-path": false,
          mosquitto: true,
          "object-store": { copy: "mirror" },
        },
      },
    });
    assert.deepEqual(places(problems), [
      'pools[0].labels["uap.dev/role"]',
      "acme.email",
      "charts.mirror",
      "platform.systems.istio.namespaces[0].name",
      "platform.systems.object-store",
      "platform.systems.mosquitto",
      "platform.systems.object-store.copy",
    ]);
    for (const { reason, fix } of problems) {
      assert.match(reason, /\.$/);
      assert.match(fix, /[.?]$/);
    }
  });

  it("holds what the nodes have no room for, with the rest", () => {
    const problems = problemsOf({
      ...withSystems({ "rook-ceph": { disks: { kind: "files", size: "900Gi" } }, monitoring: true }),
      acme: {},
    });
    assert.deepEqual(places(problems), [
      "acme.email",
      "platform.systems.rook-ceph.disks.size",
      "platform.systems",
    ]);
    assert.match(problems[2]?.reason ?? "", /^do not fit on the cluster \(nodes: 1\): memory is short by /);
  });

  it("holds no consequences: where nodes cannot be had, nobody asks what fits on them", () => {
    const systems = { "rook-ceph": { disks: { kind: "files", size: "900Gi" } }, monitoring: true };
    const pools = [{ ...sound.pools[0], type: "cpx99" }];
    assert.deepEqual(places(problemsOf({ ...withSystems(systems), pools })), ["pools[0].type"]);
    assert.deepEqual(places(problemsOf({ ...withSystems(systems), pools: "many" })), ["pools"]);
    const options = withSystems({ monitoring: { storage: "much" }, "rook-ceph": true });
    assert.deepEqual(places(problemsOf(options)), ["platform.systems.monitoring.storage"]);
  });

  it("is found in no order that could hide a mistake, or fail by itself", () => {
    for (const name of fixtureNames("invalid")) {
      const { origin, raw } = readFixture("invalid", name);
      const early = places(problemsOf(raw, [], origin.stack));
      const all = places(problemsOf(raw, stackChecks, origin.stack));
      assert.deepEqual(
        early.filter((path) => !all.includes(path)),
        [],
        name,
      );
    }
  });
});
