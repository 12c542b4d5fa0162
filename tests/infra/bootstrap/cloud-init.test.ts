import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";

import { cloudInit, userDataLimit } from "../../../infra/bootstrap/cloud-init.ts";
import { authorityFiles, nodePaths } from "../../../infra/bootstrap/node-bootstrap.ts";
import type { ClusterIdentity } from "../../../infra/bootstrap/node-bootstrap.ts";
import { parseJoinToken } from "../../../infra/bootstrap/token.ts";
import { matchesSnapshot } from "../../support/snapshot.ts";
import { architectures, bootstrapOf, clouds, namedIdentity, networks, realIdentity } from "./nodes.ts";
import type { Wish } from "./nodes.ts";
import { findProgram } from "./programs.ts";
import { shapeOf, summaryOf, unpacked } from "./user-data.ts";

const run = promisify(execFile);

/** Keys as operators have them: two short ones, and a long one of RSA. */
const sshKeys = [
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${"I".repeat(44)} ada@example.org`,
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${"J".repeat(44)} grace@example.org`,
  `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAACAQC${"K".repeat(681)}== alan@example.org`,
];

/** The longest that a stack can ask for: every option in use. */
const generous: Wish = {
  labels: Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`example.org/label-number-${index}`, "a-value"]),
  ),
  taints: ["dedicated=control-plane:NoSchedule", "example.org/other=value:NoExecute"],
  volume: "100Gi",
  cluster: {
    volumeFolder: "/var/lib/rancher/k3s/storage",
    controlPlanes: [1, 2, 3, 4, 5].map((index) => ({
      name: `master-${index}`,
      address: `10.20.100.10${index}`,
    })),
    snapshots: {
      schedule: "0 */12 * * *",
      retention: 100,
      store: {
        endpoint: "s3.eu-central-1.amazonaws.com",
        insecure: true,
        bucket: "b".repeat(63),
        region: "eu-central-1",
        folder: "a-cluster-with-a-long-name",
        accessKey: "A".repeat(40),
        secretKey: "S".repeat(64),
      },
    },
    disabled: ["traefik", "servicelb", "local-storage", "metrics-server"],
  },
};

const every: Wish[] = clouds.flatMap((cloud) =>
  (["control-plane", "worker", "sensor"] as const).flatMap((role) =>
    architectures.flatMap((arch) => networks.map((network) => ({ cloud, role, arch, network }))),
  ),
);

const nameOf = ({ cloud, role, arch, network }: Wish) => [cloud, role, arch, network].join(" ");

describe("cloud-init", () => {
  let identity: ClusterIdentity;
  before(async () => {
    identity = await realIdentity();
  });

  it("is for every cloud, role, architecture and network what it was", () => {
    const texts = every.map((wish) => [nameOf(wish), cloudInit(bootstrapOf(wish), namedIdentity())] as const);
    return matchesSnapshot("bootstrap/cloud-init.yaml", summaryOf(new Map(texts)));
  });

  it("fits into what every cloud takes, on every cloud, role, architecture and network, with every option in use", () => {
    for (const wish of every) {
      const length = Buffer.byteLength(cloudInit(bootstrapOf({ ...generous, ...wish }), identity, sshKeys));
      assert.ok(length <= userDataLimit, `${JSON.stringify(wish)}: ${length}`);
    }
  });

  it("is refused before a cloud would refuse it", () => {
    const labels = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => {
        const digest = createHash("sha256").update(String(index)).digest("hex");
        return [`example.org/label-${index}`, digest.slice(0, 60)];
      }),
    );
    assert.throws(
      () => cloudInit(bootstrapOf({ labels }), identity),
      /The user-data of worker-1 has \d+ bytes; clouds take 16384\. Give its pool fewer/,
    );
  });

  it("keeps what holds secrets from everybody but root", () => {
    const { write_files: files } = unpacked(cloudInit(bootstrapOf({ role: "control-plane" }), identity));
    const secrets = [
      ...authorityFiles.map((name) => `${nodePaths.authorities}/${name}`),
      nodePaths.configuration,
    ];
    for (const path of secrets)
      assert.equal(files.find((file) => file.path === path)?.permissions, "0600", path);
    for (const { path, permissions, content } of files) {
      const holdsSecret = /PRIVATE KEY|K10[0-9a-f]{64}::/.test(content);
      if (holdsSecret) assert.equal(permissions, "0600", path);
    }
  });

  it("hands the files over byte by byte: the token names the hash of the authority", () => {
    const { write_files: files } = unpacked(cloudInit(bootstrapOf({ role: "control-plane" }), identity));
    const authority = files.find(({ path }) => path === `${nodePaths.authorities}/server-ca.crt`);
    assert.equal(authority?.content, identity.authorities["server-ca.crt"]);
  });

  it("tells agents no key of an authority and no token that admits control planes", () => {
    for (const wish of every.filter(({ role }) => role !== "control-plane")) {
      const text = JSON.stringify(unpacked(cloudInit(bootstrapOf({ ...generous, ...wish }), identity)));
      assert.ok(text.includes(parseJoinToken(identity.agentToken).secret));
      assert.ok(!text.includes("PRIVATE KEY"));
      assert.ok(!text.includes(parseJoinToken(identity.serverToken).secret));
    }
  });

  it("closes the metadata address to pods on every cloud", () => {
    for (const wish of every) {
      const text = cloudInit(bootstrapOf(wish), identity);
      assert.equal(
        text.includes("169.254.169.254, 169.254.42.42 } tcp dport 80 drop"),
        wish.cloud !== "on-prem",
        wish.cloud,
      );
    }
  });

  it("is valid by cloud-init's own schema", async function () {
    const program = await findProgram(["cloud-init"], ["python3", "-m", "cloudinit.cmd.main"]);
    if (program === undefined) {
      console.log(
        "    cloud-init is not on this machine: install it to have the user-data checked by its schema.",
      );
      return this.skip();
    }
    const [command, ...first] = program;
    const folder = await mkdtemp(join(tmpdir(), "uap-cloud-init-"));
    try {
      // One of each shape: cloud-init takes a second to read a file, and its schema does not look into texts.
      const texts = every.flatMap((wish) => [
        cloudInit(bootstrapOf(wish), identity),
        cloudInit(bootstrapOf({ ...generous, ...wish }), identity, sshKeys),
      ]);
      const shapes = new Map(texts.map((text) => [JSON.stringify(shapeOf(parse(text))), text]));
      assert.ok(shapes.size >= 2 && shapes.size <= 6, `${shapes.size} shapes`);
      const file = join(folder, "user-data.yaml");
      for (const text of shapes.values()) {
        await writeFile(file, text);
        await run(command, [...first, "schema", "--config-file", file]);
      }
      const wrong = join(folder, "wrong.yaml");
      await writeFile(wrong, "#cloud-config\nwrite_files: nothing\n");
      await assert.rejects(run(command, [...first, "schema", "--config-file", wrong]));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
