import assert from "node:assert/strict";
import { parseConfiguration } from "../../../config/configuration.ts";
import { selectClasses } from "../../../config/storage-classes.ts";
import { catalogue } from "../../../platform/catalogue.ts";
import { policies } from "../../../policy/policies.ts";
import { refusal } from "../../config/fixtures.ts";
import { breaches } from "../../policy/resources.ts";
import { runProgram, type MockRun } from "../../support/mock-engine.ts";
import { configurationWith, master, settingsAt } from "../cluster/cloud-controller-settings.ts";
import { inputsOf } from "./storage-program.ts";

interface Pods {
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly spec: {
        readonly hostNetwork: boolean;
        readonly initContainers?: readonly Container[];
        readonly containers: readonly Container[];
      };
    };
  };
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

function podsOf(run: MockRun, type: ":Deployment" | ":DaemonSet", name: string): Pods {
  return inputsOf(run, type, name) as unknown as Pods;
}

/** The container with the driver itself. */
function driverOf({ spec }: Pods): Container {
  const found = spec.template.spec.containers.find(({ name }) => name === "driver");
  assert.ok(found);
  return found;
}

const clouds = {
  digitalocean: { driver: "dobs.csi.digitalocean.com", class: "do-block-storage" },
  aws: { driver: "ebs.csi.aws.com", class: "ebs" },
} as const;

describe("volumes of DigitalOcean and AWS", () => {
  for (const [cloud, expected] of Object.entries(clouds))
    it(`have one driver, under the name that its class and its nodes know: ${cloud}`, async () => {
      const run = await runProgram(
        "dev",
        settingsAt(cloud as keyof typeof clouds, { "cloud-volumes": true }),
      );
      const { metadata } = inputsOf(run, ":CSIDriver", "cloud-volumes") as { metadata: { name: string } };
      const made = inputsOf(run, ":StorageClass", expected.class) as {
        metadata: { annotations?: object };
        provisioner: string;
        volumeBindingMode: string;
      };
      assert.deepEqual([metadata.name, made.provisioner], [expected.driver, expected.driver]);
      assert.equal(made.volumeBindingMode, "WaitForFirstConsumer");
      assert.equal(made.metadata.annotations, undefined, "not Kubernetes' default class");
      const nodes = podsOf(run, ":DaemonSet", "cloud-volumes-node");
      const registrar = nodes.spec.template.spec.containers.find(({ name }) => name === "registrar");
      assert.ok(
        registrar?.args.includes(
          `--kubelet-registration-path=/var/lib/kubelet/plugins/${expected.driver}/csi.sock`,
        ),
      );
      // The metadata service is closed to pods that are not in their node's network.
      const controller = podsOf(run, ":Deployment", "cloud-volumes-controller");
      for (const { spec } of [nodes, controller]) assert.equal(spec.template.spec.hostNetwork, true);
    });

  it("keep the house's rules", async () => {
    for (const cloud of ["digitalocean", "aws"] as const) {
      const { resources } = await runProgram("dev", {
        "digitalocean:token": "token-of-the-program",
        ...settingsAt(cloud, { "cloud-volumes": { size: "large" }, "cloud-controller": true }),
      });
      const objects = resources.map(({ type, name, inputs }) => ({
        ...{ type, name, urn: `${type}::${name}`, properties: inputs },
        ...{ provider: {}, propertyDependencies: {} },
      }));
      for (const policy of policies) assert.deepEqual(breaches(policy, objects), [], policy.name);
    }
  });

  it("have a second controller and a budget for disruptions where systems are bigger", async () => {
    for (const [size, replicas] of [
      ["small", 1],
      ["medium", 2],
    ] as const) {
      const run = await runProgram("dev", settingsAt("aws", { "cloud-volumes": { size } }));
      assert.equal(podsOf(run, ":Deployment", "cloud-volumes-controller").spec.replicas, replicas);
      const budgets = run.resources.filter(
        ({ name, type }) => type.endsWith(":PodDisruptionBudget") && name === "cloud-volumes-controller",
      );
      assert.equal(budgets.length, replicas - 1);
    }
  });
});

describe("volumes of DigitalOcean", () => {
  it("take the token by a Secret, only for the controller, and never name the region", async () => {
    const run = await runProgram("dev", {
      "digitalocean:token": "token-of-the-program",
      ...settingsAt("digitalocean", { "cloud-volumes": true }),
    });
    const { data } = inputsOf(run, ":Secret", "cloud-volumes-token");
    assert.match(JSON.stringify(data), new RegExp(Buffer.from("token-of-the-program").toString("base64")));
    const controller = podsOf(run, ":Deployment", "cloud-volumes-controller");
    assert.ok(!JSON.stringify(controller).includes("token-of-the-program"));
    assert.ok(driverOf(controller).args.includes("--token=$(TOKEN)"));
    assert.ok(driverOf(controller).args.includes("--do-tag=cluster-dev"));
    const nodes = podsOf(run, ":DaemonSet", "cloud-volumes-node");
    for (const pods of [controller, nodes])
      assert.ok(!driverOf(pods).args.some((arg) => arg.startsWith("--region")));
    assert.deepEqual(driverOf(nodes).env, []);
    assert.deepEqual(nodes.spec.template.spec.initContainers?.[0]?.command, [
      "rm",
      "-f",
      "/etc/udev/rules.d/99-digitalocean-automount.rules",
    ]);
  });
});

describe("volumes of AWS", () => {
  it("are encrypted, in the nodes' region, by the right of the nodes' role", async () => {
    const run = await runProgram("dev", settingsAt("aws", { "cloud-volumes": true }));
    const { parameters } = inputsOf(run, ":StorageClass", "ebs");
    assert.deepEqual(parameters, { type: "gp3", encrypted: "true" });
    const { env } = driverOf(podsOf(run, ":Deployment", "cloud-volumes-controller"));
    assert.equal(env?.find(({ name }) => name === "AWS_REGION")?.value, "eu-central-1");
    const right = inputsOf(run, "rolePolicyAttachment:RolePolicyAttachment", "cloud-volumes");
    assert.equal(right.role, inputsOf(run, "iam/role:Role", "aws-eu-central-1").name);
    assert.ok(!run.resources.some(({ name }) => name === "cloud-volumes-token"));
  });
});

describe("the class of the cloud's volumes", () => {
  it("plays the role `block` at each cloud, after systems that keep copies, before the nodes' own disks", () => {
    const of = (cloud: "hetzner" | "digitalocean" | "aws", ...systems: string[]) =>
      selectClasses({ others: [] }, ["local-path", ...systems], { cloud }).classes.block;
    assert.equal(of("hetzner", "cloud-volumes"), "hcloud-volumes");
    assert.equal(of("digitalocean", "cloud-volumes"), "do-block-storage");
    assert.equal(of("aws", "cloud-volumes"), "ebs");
    assert.equal(of("aws", "cloud-volumes", "longhorn"), "longhorn");
    assert.equal(of("aws"), "local-path");
  });

  it("can be named by a stack at that cloud", () => {
    const pools = [{ ...master, cloud: "digitalocean", region: "nyc3", type: "s-4vcpu-8gb" }];
    const raw = { ...configurationWith(pools, "cloud-volumes"), storage: { block: "do-block-storage" } };
    const { storage } = parseConfiguration(raw as never, catalogue, { stack: "dev" });
    assert.equal(storage.block, "do-block-storage");
  });

  it("is refused at another cloud, and with the system off", () => {
    const named = { others: [], block: "ebs" };
    const [elsewhere] = selectClasses(named, ["cloud-volumes"], { cloud: "hetzner" }).findings;
    assert.match(elsewhere?.reason ?? "", /no system of this stack provides/);
    assert.match(elsewhere?.fix ?? "", /hcloud-volumes/);
    const [off] = selectClasses(named, [], { cloud: "aws" }).findings;
    assert.match(off?.reason ?? "", /is a class of the system cloud-volumes, which is off/);
  });
});

describe("the cloud's volumes are refused", () => {
  const aws = { ...master, cloud: "aws", type: "t3.large", region: "eu-central-1" };
  const cases: readonly (readonly [string, object, RegExp])[] = [
    [
      "where a node is elsewhere",
      configurationWith([master, { ...aws, name: "worker", role: "worker" }], "cloud-volumes"),
      /at one cloud \(Hetzner, DigitalOcean or AWS\), but the pools are: master \(Hetzner\), worker \(AWS\)\./,
    ],
    [
      "at a cloud whose driver nobody has built in",
      configurationWith([{ ...master, cloud: "vultr", region: "fra", type: "vc2-4c-8gb" }], "cloud-volumes"),
      /the pools are: master \(Vultr\)\./,
    ],
    [
      "over two regions, of which their driver knows one",
      configurationWith(
        [aws, { ...aws, name: "west", region: "eu-west-1", role: "worker" }],
        "cloud-volumes",
      ),
      /in one region, but they are in eu-central-1 and eu-west-1\./,
    ],
    [
      "on a cluster that runs already, whose cloud nobody tells",
      { cluster: { kind: "existing" }, platform: { systems: { "cloud-volumes": true } } },
      /this stack uses an existing cluster\./,
    ],
  ];
  for (const [what, raw, expected] of cases)
    it(what, () => {
      const { problems } = refusal(raw as never, { stack: "dev" }, catalogue);
      const [problem, ...others] = problems;
      assert.deepEqual(others, []);
      assert.equal(problem?.path, "platform.systems.cloud-volumes");
      assert.match(problem.reason, expected);
    });

  it("but not over several locations of Hetzner", () => {
    const pools = [master, { ...master, name: "far", region: "hel1", role: "worker" }];
    const { storage } = parseConfiguration(configurationWith(pools, "cloud-volumes") as never, catalogue, {
      stack: "dev",
    });
    assert.equal(storage.block, "hcloud-volumes");
  });
});
