import assert from "node:assert/strict";
import { planNodes } from "../../infra/nodes.ts";
import { planNetworks } from "../../infra/private-networks.ts";
import { parseFixture } from "../config/fixtures.ts";
import { configurationOf, master, refusedNodes, settingsOf } from "./settings.ts";

describe("the nodes of a hybrid cluster", () => {
  const nodes = planNodes(configurationOf("hc1"));
  const node = (name: string) => {
    const found = nodes.find((candidate) => candidate.name === name);
    assert.ok(found, name);
    return found;
  };

  it("are named after pool and number, or after their machine", () => {
    assert.deepEqual(
      nodes.map(({ name }) => name),
      ["master-1", "nbg1-1", "nbg1-2", "nbg1-3", "lab-gpu", "lab-d1", "lab-d2", "lab-d3"],
    );
  });

  it("have size and architecture of their type, or as the pool says", () => {
    assert.deepEqual(node("nbg1-2").size, { milliCpu: 4000, memory: 8 * 2 ** 30, disk: 160e9 });
    assert.deepEqual(node("lab-d3").size, { milliCpu: 4000, memory: 4 * 2 ** 30, disk: 32 * 2 ** 30 });
    assert.deepEqual([node("nbg1-1").arch, node("lab-d1").arch], ["amd64", "arm64"]);
  });

  it("tell that their cloud may take them back", () => {
    const worker = { name: "worker", cloud: "aws", region: "eu-central-1", type: "t3.large", role: "worker" };
    const pools = [master, { ...worker, spot: true }, { ...worker, name: "steady", spot: false }];
    assert.deepEqual(
      planNodes(settingsOf(pools)).map(({ labels }) => labels["uap.dev/spot"]),
      [undefined, "true", undefined],
    );
  });

  it("have labels that tell region, type, role, ingress and GPU, and none that a kubelet may not set", () => {
    assert.deepEqual(node("nbg1-3").labels, {
      "topology.kubernetes.io/region": "nbg1",
      "node.kubernetes.io/instance-type": "cpx32",
      "uap.dev/role": "worker",
      "uap.dev/ingress": "true",
    });
    assert.deepEqual(node("lab-gpu").labels, {
      "topology.kubernetes.io/region": "lab",
      "uap.dev/role": "worker",
      "uap.dev/gpu": "nvidia",
    });
    assert.equal(node("lab-d2").labels["uap.dev/role"], "sensor");
    assert.ok(nodes.every(({ labels }) => Object.keys(labels).every((key) => !key.startsWith("node-role."))));
  });

  it("have their pool's taints", () => {
    assert.deepEqual(node("master-1").taints, ["dedicated=master:NoSchedule"]);
    assert.deepEqual(node("lab-d1").taints, ["dedicated=pi:NoSchedule"]);
  });
});

describe("the nodes of a cluster", () => {
  it("at AWS take turns over three zones", () => {
    const nodes = planNodes(configurationOf("aws"));
    assert.deepEqual(
      nodes.map(({ name, labels }) => `${name} ${labels["topology.kubernetes.io/zone"] ?? ""}`),
      [
        ["control-1", "a"],
        ["control-2", "b"],
        ["control-3", "c"],
        ["worker-1", "a"],
        ["worker-2", "b"],
        ["worker-3", "c"],
      ].map(([name, letter]) => `${name} eu-central-1${letter}`),
    );
  });

  it("at AWS have the zones that a region really has", () => {
    const zones = (region: string) =>
      planNodes(settingsOf([{ ...master, cloud: "aws", region, type: "t3.large", count: 3 }])).map(
        ({ labels }) => labels["topology.kubernetes.io/zone"]?.slice(region.length),
      );
    assert.deepEqual(zones("ap-northeast-1"), ["a", "c", "d"]);
    assert.deepEqual(zones("us-west-1"), ["a", "c", "a"]);
    assert.deepEqual(zones("eu-west-1"), ["a", "b", "c"]);
  });

  it("are the ones of the pool's size where the type is not known", () => {
    const size = { cpu: 3, memory: "6Gi", disk: "60Gi" };
    const [node] = planNodes(settingsOf([{ ...master, type: "cpx99", arch: "arm64", size }]));
    assert.deepEqual(node?.size, { milliCpu: 3000, memory: 6 * 2 ** 30, disk: 60 * 2 ** 30 });
    assert.equal(node.arch, "arm64");
  });

  it("are none when the cluster exists already", () => {
    assert.deepEqual(planNodes(parseFixture("local")), []);
    assert.deepEqual(planNetworks(parseFixture("local")), []);
  });
});

describe("pools that cannot be had", () => {
  it("are told all at once", () => {
    const problems = refusedNodes(
      settingsOf([
        { ...master, type: "cx21" },
        { name: "work", cloud: "hetzner", region: "ash", type: "cpx32" },
        { name: "arm", cloud: "aws", region: "eu-central-1", type: "t3.large", arch: "arm64" },
        { name: "typo", cloud: "linode", region: "us-east", type: "g6-standart-2" },
        {
          name: "marked",
          cloud: "vultr",
          region: "ams",
          type: "vc2-2c-4gb",
          labels: { "uap.dev/role": "x", "uap.dev/spot": "true" },
        },
        {
          name: "zoned",
          cloud: "scaleway",
          region: "fr-par-1",
          type: "DEV1-L",
          labels: { "topology.kubernetes.io/zone": "fr-par-2" },
        },
      ]),
    );
    assert.deepEqual(problems, [
      'pools[0].type "cx21" was withdrawn by Hetzner; it had 2 vCPU, 4 GiB. Take cpx22 (2 vCPU, 4 GiB, 19.99 EUR a month). For servers of it that run already, give `size` with their cpu, memory and disk.',
      'pools[1].type "cpx32" is not sold in ash, only in fsn1, nbg1, hel1, sin. Take cpx31 (4 vCPU, 8 GiB, 62.99 EUR a month).',
      'pools[2].arch "arm64" is not the architecture of t3.large, which is amd64. Remove it, or choose a type of AWS that is arm64.',
      'pools[3].type "g6-standart-2" is no server type of Linode that the program knows. Did you mean "g6-standard-2"? If not, give its size too, such as `size: { cpu: 4, memory: 8Gi, disk: 80Gi }`.',
      'pools[4].labels["uap.dev/role"] "x" is a label that follows from the pool\'s `role`. Remove it.',
      'pools[4].labels["uap.dev/spot"] "true" is a label that follows from the pool\'s `spot`. Remove it.',
      'pools[5].labels["topology.kubernetes.io/zone"] "fr-par-2" is a label that follows from the pool\'s `cloud` and `region`. Remove it.',
    ]);
  });

  it("are told when control planes stand in several places, where etcd's members do not reach each other", () => {
    const settings = settingsOf([
      { ...master, count: 2 },
      { name: "far", cloud: "hetzner", region: "ash", type: "cpx31", role: "control-plane" },
    ]);
    assert.deepEqual(refusedNodes(settings), [
      'pools[1].region "ash" puts control planes in hetzner us-east, beside those in hetzner eu-central: etcd needs one private network for all of them. Put all control planes in one place; workers may be anywhere.',
    ]);
    const near = { name: "near", cloud: "hetzner", region: "hel1", type: "cpx22", role: "control-plane" };
    assert.equal(planNodes(settingsOf([{ ...master, count: 2 }, near])).length, 3);
    const own = {
      name: "own",
      cloud: "on-prem",
      region: "lab",
      role: "control-plane",
      hosts: ["own-1"],
      size: { cpu: 4, memory: "4Gi", disk: "32Gi" },
    };
    const [mixed = "", ...others] = refusedNodes(settingsOf([{ ...master, count: 2 }, own]));
    assert.equal(others.length, 0);
    assert.match(
      mixed,
      /^pools\[1\]\.region "lab" puts control planes in on-prem lab, beside those in hetzner/,
    );
  });

  it("are told when two places have one name, which Kilo would take for one network", () => {
    const size = { cpu: 4, memory: "8Gi", disk: "40Gi" };
    const own = { name: "own", cloud: "on-prem", region: "nbg1", hosts: ["own-1"], size };
    const [problem, ...others] = refusedNodes(settingsOf([master, own], { network: "kilo" }));
    assert.match(problem ?? "", /^pools\[1\]\.region "nbg1" is also the region of pools\[0\] "master"/);
    assert.deepEqual(others, []);
    assert.equal(planNodes(settingsOf([master, own])).length, 2);
  });

  it("are told when flannel would have to cross two private networks of one cloud", () => {
    const far = { ...master, name: "far", region: "sin", role: "worker" };
    const near = { ...far, region: "fsn1" };
    const [problem] = refusedNodes(settingsOf([master, far], { network: "flannel" }));
    assert.match(
      problem ?? "",
      /^cluster\.network "flannel" needs one private network, but the pools are in hetzner eu-central, hetzner ap-southeast/,
    );
    assert.equal(planNodes(settingsOf([master, near], { network: "flannel" })).length, 2);
  });
});
