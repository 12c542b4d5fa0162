import assert from "node:assert/strict";
import { catalogue } from "../../../platform/catalogue.ts";
import { parseConfiguration } from "../../../config/configuration.ts";
import { refusal } from "../../config/fixtures.ts";

const own = {
  domain: "example.org",
  acme: { issuer: "self-signed" },
  access: { operatorCidrs: ["203.0.113.7/32"] },
  pools: [
    { name: "master", cloud: "hetzner", region: "nbg1", type: "cpx32", role: "control-plane" },
    { name: "gpu", cloud: "hetzner", region: "nbg1", type: "cpx32", gpu: "nvidia" },
  ],
};
const existing = { cluster: { kind: "existing" } };
const store = { endpoint: "https://s3.example.org", bucket: "backups", accessKey: "key", secretKey: "hush" };
const kilo = { kind: "k3s", network: "kilo" };

function problemsOf(raw: object, systems: object): { path: string; reason: string; fix: string }[] {
  const { problems } = refusal({ ...raw, platform: { systems } }, { stack: "dev" }, catalogue);
  return problems.map(({ fix, path, reason }) => ({ path, reason, fix }));
}

function systemsOf(raw: object): string[] {
  return Object.keys(parseConfiguration(raw as never, catalogue, { stack: "dev" }).platform.systems);
}

describe("systems that ask for more than other systems", () => {
  it("come with the cluster's shape", () => {
    const on = systemsOf({ ...own, cluster: kilo });
    for (const name of ["kilo", "nvidia", "system-upgrade-controller"]) assert.ok(on.includes(name), name);
    const elsewhere = systemsOf(existing);
    for (const name of ["kilo", "nvidia", "system-upgrade-controller"])
      assert.ok(!elsewhere.includes(name), name);
  });

  it("are refused elsewhere, with the fix", () => {
    const [flannel, ...others] = problemsOf({ ...own, cluster: { network: "flannel" } }, { kilo: true });
    assert.deepEqual(others, []);
    assert.equal(flannel?.path, "platform.systems.kilo");
    assert.match(flannel.reason, /`uap:cluster\.network: kilo`/);
    assert.deepEqual(
      problemsOf(existing, { kilo: true, "system-upgrade-controller": true }).map(({ path }) => path),
      ["platform.systems.kilo", "platform.systems.system-upgrade-controller"],
    );
  });

  it("must stay where the cluster cannot be without them", () => {
    const [problem, ...others] = problemsOf({ ...own, cluster: kilo }, { kilo: false });
    assert.deepEqual(others, []);
    assert.match(problem?.reason ?? "", /switches off the pod network/);
  });
});

describe("Velero", () => {
  it("is refused without an S3 service, with the fix", () => {
    const [problem, ...others] = problemsOf(own, { velero: true });
    assert.deepEqual(others, []);
    assert.equal(problem?.path, "platform.systems.velero");
    assert.match(problem.fix, /endpoint, bucket, accessKey and secretKey, or write `velero: false`/);
    assert.match(problemsOf(existing, { velero: true })[0]?.fix ?? "", /^Write `velero: false`/);
  });

  it("is had with one", () => {
    assert.ok(
      systemsOf({ ...own, backup: { s3: store }, platform: { systems: { velero: true } } }).includes(
        "velero",
      ),
    );
  });

  it("says nothing of a store that is there and wrong: its own mistake is told", () => {
    const paths = problemsOf({ ...own, backup: { s3: { ...store, endpoint: "s3" } } }, { velero: true });
    assert.deepEqual(
      paths.map(({ path }) => path),
      ["backup.s3.endpoint"],
    );
  });
});
