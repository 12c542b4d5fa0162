import assert from "node:assert/strict";
import { parseConfiguration } from "../../../config/configuration.ts";
import { presets } from "../../../config/presets.ts";
import { catalogue } from "../../../platform/catalogue.ts";
import { cloudProgram, controllerClouds } from "../../../platform/cluster/cloud-controller/clouds.ts";
import { refusal } from "../../config/fixtures.ts";
import { runProgram, type MockRun } from "../../support/mock-engine.ts";
import { inputsOf } from "../storage/storage-program.ts";
import { configurationWith, master, settingsAt } from "./cloud-controller-settings.ts";

function problemsOf(raw: object) {
  return refusal(raw as never, { stack: "dev" }, catalogue).problems;
}

/** Arguments and settings of the controller's container. */
function containerOf(run: MockRun) {
  const { spec } = inputsOf(run, ":Deployment", "cloud-controller") as {
    spec: { template: { spec: { hostNetwork: boolean; containers: { args: string[]; env: EnvVar[] }[] } } };
  };
  const [container] = spec.template.spec.containers;
  assert.ok(container);
  return { ...container, hostNetwork: spec.template.spec.hostNetwork };
}

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

const tokens = { "hcloud:token": "token-of-the-program", "digitalocean:token": "token-of-the-program" };

describe("the cloud's controller", () => {
  it("is in no preset", () => {
    for (const [name, systems] of Object.entries(presets))
      assert.ok(!(systems as readonly string[]).includes("cloud-controller"), name);
  });

  it("never deletes a Node, at no cloud: nobody starts what would, and nobody may", async () => {
    for (const cloud of controllerClouds) {
      const { args } = cloudProgram(cloud, { cluster: "dev", region: "nbg1", loadBalancers: true });
      const started =
        args
          .find((arg) => arg.startsWith("--controllers="))
          ?.split("=")[1]
          ?.split(",") ?? [];
      assert.ok(started.includes("cloud-node-controller"), cloud);
      for (const name of started) assert.doesNotMatch(name, /lifecycle|\*|route/, cloud);
    }
    const run = await runProgram("dev", settingsAt("hetzner", { "cloud-controller": true }));
    const { rules } = inputsOf(run, ":ClusterRole", "cloud-controller") as {
      rules: { resources: string[]; verbs: string[] }[];
    };
    for (const { resources, verbs } of rules)
      assert.ok(!verbs.some((verb) => /delete|\*/.test(verb)), resources.join(", "));
  });

  it("knows the network that the nodes are in, by the name that it has at Hetzner", async () => {
    const run = await runProgram("dev", settingsAt("hetzner", { "cloud-controller": true }));
    const { name } = inputsOf(run, "network:Network", "hetzner-eu-central-network");
    const { env } = containerOf(run);
    assert.equal(env.find((one) => one.name === "HCLOUD_NETWORK")?.value, name);
  });

  it("makes load balancers only when wanted, and for Services that ask for one: they cost money", async () => {
    for (const loadBalancers of [false, true]) {
      const run = await runProgram("dev", settingsAt("hetzner", { "cloud-controller": { loadBalancers } }));
      const { args, env } = containerOf(run);
      const started = args.find((arg) => arg.startsWith("--controllers=")) ?? "";
      assert.equal(started.includes("service-lb-controller"), loadBalancers);
      assert.ok(!env.some((one) => /LOCATION|NETWORK_ZONE/.test(one.name)));
    }
  });

  it("gets the program's own token by a Secret, or the one of its options", async () => {
    for (const [cloud, variable] of [
      ["hetzner", "HCLOUD_TOKEN"],
      ["digitalocean", "DO_ACCESS_TOKEN"],
    ] as const)
      for (const [own, expected] of [
        [{}, "token-of-the-program"],
        [{ token: "token-of-its-own" }, "token-of-its-own"],
      ] as const) {
        const run = await runProgram("dev", {
          ...tokens,
          ...settingsAt(cloud, { "cloud-controller": own }),
        });
        const { data } = inputsOf(run, ":Secret", "cloud-controller-token");
        assert.match(JSON.stringify(data), new RegExp(Buffer.from(expected).toString("base64")));
        const container = containerOf(run);
        assert.ok(!JSON.stringify(container).includes(expected));
        const { valueFrom } = container.env.find((one) => one.name === variable) ?? {};
        assert.deepEqual(valueFrom?.secretKeyRef, { name: "cloud-token", key: "token" });
      }
  });

  it("has no token at AWS, and a right of the nodes' role to look at instances alone", async () => {
    const run = await runProgram("dev", settingsAt("aws", { "cloud-controller": true }));
    assert.ok(!run.resources.some(({ name }) => name === "cloud-controller-token"));
    const { policy, role } = inputsOf(run, "rolePolicy:RolePolicy", "cloud-controller") as {
      policy: string;
      role: string;
    };
    assert.equal(role, inputsOf(run, "iam/role:Role", "aws-eu-central-1").name);
    const { Statement } = JSON.parse(policy) as { Statement: { Action: string[] }[] };
    for (const action of Statement.flatMap(({ Action }) => Action)) assert.match(action, /^ec2:Describe/);
    const { data } = inputsOf(run, ":ConfigMap", "cloud-controller") as { data: Record<string, string> };
    assert.equal(data["cloud.conf"], "[Global]\nRegion=eu-central-1\nKubernetesClusterID=dev\n");
    assert.equal(containerOf(run).hostNetwork, true);
  });

  it("is there before everything else that runs in pods, and after the pod network", async () => {
    const settings = settingsAt("hetzner", { "cloud-controller": true });
    const run = await runProgram("dev", { ...settings, "uap:cluster": { kind: "k3s", network: "kilo" } });
    const at = (type: string, name: string) => {
      const found = run.resources.find((one) => one.type.endsWith(type) && one.name === name);
      assert.ok(found, `${type} ${name}`);
      return found;
    };
    const controller = at(":Deployment", "cloud-controller");
    assert.ok(controller.dependencies.includes(at(":DaemonSet", "kilo").urn), "after Kilo");
    const [namespace] = run.resources.filter(({ type }) => type.endsWith(":Namespace"));
    const provider = at("providers:kubernetes", "dev-networked");
    assert.equal(namespace?.provider, provider.urn);
    const before = run.resources.filter(({ urn }) => provider.dependencies.includes(urn));
    assert.ok(
      before.some(({ dependencies }) => dependencies.includes(controller.urn)),
      "all else waits for it",
    );
  });
});

describe("the cloud's controller is refused", () => {
  const cases: readonly (readonly [string, object, RegExp])[] = [
    [
      "in a hybrid cluster, whose other nodes would never take a pod",
      configurationWith(
        [
          master,
          {
            ...{ name: "lab", cloud: "on-prem", region: "lab", hosts: ["lab-1"] },
            size: { cpu: "4", memory: "8Gi", disk: "40Gi" },
          },
        ],
        "cloud-controller",
      ),
      /at one cloud \(Hetzner, DigitalOcean or AWS\), but the pools are: master \(Hetzner\), lab \(on-premises\)\. Nodes elsewhere would never take a pod\./,
    ],
    [
      "over two clouds",
      configurationWith(
        [master, { name: "worker", cloud: "digitalocean", region: "nyc3", type: "s-4vcpu-8gb" }],
        "cloud-controller",
      ),
      /the pools are: master \(Hetzner\), worker \(DigitalOcean\)\./,
    ],
    [
      "at a cloud without one",
      configurationWith(
        [{ ...master, cloud: "linode", region: "eu-central", type: "g6-standard-4" }],
        "cloud-controller",
      ),
      /the pools are: master \(Linode\)\./,
    ],
    [
      "over two private networks",
      configurationWith(
        [master, { ...master, name: "far", region: "ash", role: "worker" }],
        "cloud-controller",
      ),
      /in one private network, but they are in eu-central and us-east\./,
    ],
    [
      "with load balancers where it makes none",
      configurationWith(
        [{ ...master, cloud: "aws", region: "eu-central-1", type: "t3.large" }],
        "cloud-controller",
        {
          loadBalancers: true,
        },
      ),
      /can create load balancers only at Hetzner\./,
    ],
    [
      "with load balancers beside the one system that hosts lead to by k3s' own",
      configurationWith(
        [master],
        "cloud-controller",
        { loadBalancers: true },
        { mosquitto: { expose: true } },
      ),
      /while mosquitto is exposed: its host name points to the nodes\./,
    ],
    [
      "on a cluster that runs already",
      { cluster: { kind: "existing" }, platform: { systems: { "cloud-controller": true } } },
      /this stack uses a cluster that already runs\./,
    ],
  ];
  for (const [what, raw, expected] of cases)
    it(what, () => {
      const [problem, ...others] = problemsOf(raw);
      assert.deepEqual(others, []);
      assert.equal(problem?.path, "platform.systems.cloud-controller");
      assert.match(problem.reason, expected);
      assert.match(problem.fix, /^Remove /);
    });

  it("but not with load balancers beside a broker that is within the cluster alone", () => {
    for (const mosquitto of [true, { expose: false }]) {
      const raw = configurationWith([master], "cloud-controller", { loadBalancers: true }, { mosquitto });
      const { platform } = parseConfiguration(raw as never, catalogue, { stack: "dev" });
      assert.equal(platform.systems["cloud-controller"]?.loadBalancers, true);
    }
  });
});
