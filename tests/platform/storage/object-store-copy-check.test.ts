import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  copyCheckScript,
  copyFolder,
  markerSource,
  signingFile,
} from "../../../platform/storage/object-store/copy-check-files.ts";
import { objectStoreAlerts } from "../../../platform/storage/object-store/metrics.ts";
import type { CopyMode } from "../../../platform/storage/object-store/options.ts";
import { runProgram, type MockRun } from "../../support/mock-engine.ts";
import { signatureOf } from "../../support/s3-signature.ts";
import { inputsOf, runWith } from "./storage-program.ts";

const keys = { accessKey: "copy-check-abc", secretKey: 'odd "key\\' };

/** Two S3 services in one: whatever is written is there, and what is written to `copy-check` is copied after some questions for it. */
async function withServices(
  copiedTo: string | undefined,
  work: (address: string, objects: Map<string, string>, problems: string[]) => Promise<void>,
): Promise<void> {
  const objects = new Map<string, string>();
  const problems: string[] = [];
  let asked = 0;
  const server = createServer((request, answer) => {
    const path = request.url ?? "";
    if (signatureOf(request, keys.secretKey) !== shownSignature(request)) problems.push(`${path}: signature`);
    if (!request.headers.authorization?.includes(`Credential=${keys.accessKey}/`)) problems.push(path);
    if (request.method === "PUT") {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        objects.set(path, Buffer.concat(chunks).toString());
        answer.end();
      });
      return;
    }
    asked += 1;
    const written = objects.get("/copy-check/marker");
    if (asked > 2 && copiedTo !== undefined && written !== undefined) objects.set(copiedTo, written);
    const found = objects.get(path);
    answer.statusCode = found === undefined ? 404 : 200;
    answer.end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, objects, problems);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function shownSignature({ headers }: IncomingMessage): string | undefined {
  return /Signature=([0-9a-f]{64})/.exec(headers.authorization ?? "")?.[1];
}

describe("the check that objects are copied", () => {
  const run = promisify(execFile);
  let folder: string;
  before(async function () {
    // Older ones do not sign all headers.
    const { stdout } = await run("curl", ["--version"]).catch(() => ({ stdout: "curl 0" }));
    const [major = 0, minor = 0] = (/curl (\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
    if (major < 7 || (major === 7 && minor < 88)) this.skip();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "uap-copy-check-"));
    await mkdir(join(folder, "keys"));
    await mkdir(join(folder, "tmp"));
    await writeFile(join(folder, "keys", "source"), signingFile(keys, "us-east-1"));
    await writeFile(join(folder, "keys", "target"), signingFile(keys, "eu"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const check = (address: string, mode: CopyMode, patience: number) =>
    run(
      "/bin/sh",
      [
        "-euc",
        copyCheckScript(mode, { patience, pause: 0 })
          .replaceAll("/etc/object-store-copy-check", join(folder, "keys"))
          .replaceAll("/tmp/marker", join(folder, "tmp", "marker")),
      ],
      {
        env: {
          PATH: process.env.PATH,
          no_proxy: "*",
          SOURCE: markerSource(address),
          TARGET: copyFolder({
            endpoint: `${address}/`,
            bucket: "saved",
            region: "eu",
            folder: "dev/objects",
          }),
        },
      },
    );
  const mirrored = "/saved/dev/objects/copy-check/marker";

  it("ends well as soon as what it wrote is at the target", () =>
    withServices(mirrored, async (address, objects) => {
      await check(address, "mirror", 60);
      assert.deepEqual([...objects.keys()], ["/copy-check/marker", mirrored]);
    }));

  it("looks into the day's folder where the copy is by day", () => {
    const today = new Date().toISOString().slice(0, 10);
    return withServices(`/saved/dev/objects/${today}/copy-check/marker`, async (address) => {
      await check(address, "by-day", 60);
    });
  });

  it("fails when nothing arrives, and says what", () =>
    withServices(undefined, async (address) => {
      await assert.rejects(check(address, "mirror", 1), /was not copied to .*marker within 1 seconds/);
    }));

  it("takes no marker of an earlier time for its own", () =>
    withServices(undefined, async (address, objects) => {
      objects.set(mirrored, "some-pod 2026-01-01T00:00:00Z\n");
      await assert.rejects(check(address, "mirror", 0), /was not copied/);
    }));

  it("signs every request with the keys of a file", () =>
    withServices(mirrored, async (address, _objects, problems) => {
      await check(address, "mirror", 60);
      assert.deepEqual(problems, []);
    }));
});

interface Policy {
  readonly spec: {
    readonly ingress: readonly { readonly from: readonly unknown[] }[];
    readonly egress: readonly {
      readonly to: readonly unknown[];
      readonly ports: readonly { readonly port: number }[];
    }[];
  };
}

const pods = (workload: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "seaweedfs" } },
  podSelector: {
    matchLabels: { "app.kubernetes.io/name": "object-store", "app.kubernetes.io/instance": workload },
  },
});

describe("the check of the copy in a stack", () => {
  let run: MockRun;
  before(async () => {
    run = await runProgram("dev5", {
      "uap:domain": "example.org",
      "uap:pools": [
        { name: "master", cloud: "hetzner", region: "nbg1", type: "cpx42", count: 1, role: "control-plane" },
      ],
      "uap:dns": { provider: "hetzner" },
      "uap:acme": { email: "ops@example.org" },
      "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
      "uap:backup": {
        s3: {
          endpoint: "https://s3.example.org:8443",
          bucket: "saved",
          accessKey: "id-of-the-target",
          secretKey: "secret-of-the-target",
        },
      },
      "uap:platform": {
        preset: "minimal",
        systems: { portal: false, "object-store": { copy: "mirror" } },
      },
    });
  });

  it("runs every hour, one at a time, without a key in its specification", () => {
    const job = inputsOf(run, ":CronJob", "object-store-copy-check") as {
      spec: { schedule: string; concurrencyPolicy: string };
    };
    assert.equal(job.spec.schedule, "7 * * * *");
    assert.equal(job.spec.concurrencyPolicy, "Forbid");
    assert.ok(!JSON.stringify(job).includes("of-the-target"));
  });

  it("reaches the gateways and the other service, and is let in by the gateways", () => {
    const { egress, ingress } = (
      inputsOf(run, ":NetworkPolicy", "object-store-copy-check") as unknown as Policy
    ).spec;
    assert.deepEqual(ingress, []);
    assert.deepEqual(
      egress.map(({ ports, to }) => [to[0], ports[0]?.port]),
      [
        [pods("minio"), 9000],
        [{ ipBlock: { cidr: "0.0.0.0/0" } }, 8443],
      ],
    );
    const gateway = (inputsOf(run, ":NetworkPolicy", "minio") as unknown as Policy).spec;
    assert.deepEqual(gateway.ingress.at(-1)?.from, [pods("object-store-copy-check")]);
  });

  it("has a bucket of its own", () => {
    assert.ok((run.outputs.objectStore as { buckets: string[] }).buckets.includes("copy-check"));
  });

  it("is there only where objects are copied", async () => {
    const { outputs, resources } = await runWith({ "object-store": true });
    assert.deepEqual(
      resources.filter(({ name }) => name === "object-store-copy-check"),
      [],
    );
    assert.ok(!(outputs.objectStore as { buckets: string[] }).buckets.includes("copy-check"));
  });

  it("is heard of when it fails, once, however many Jobs have failed", () => {
    const alertsOf = (copy: CopyMode | "none") => objectStoreAlerts({ copy }).map(({ name }) => name);
    assert.ok(!alertsOf("none").includes("ObjectStoreCopyStopped"));
    const alert = objectStoreAlerts({ copy: "by-day" }).find(({ name }) => name === "ObjectStoreCopyStopped");
    assert.equal(
      alert?.expression,
      'max(kube_job_status_failed{job_name=~"object-store-copy-check-.+"}) > 0',
    );
  });
});
