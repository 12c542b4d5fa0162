import assert from "node:assert/strict";
import { Sensitive } from "../../../config/sensitive.ts";
import {
  backupCredentials,
  backupTargetUrl,
  type BackupTarget,
} from "../../../platform/storage/longhorn/backup-target.ts";
import { recurringJobs } from "../../../platform/storage/longhorn/recurring-jobs.ts";
import { longhornValues } from "../../../platform/storage/longhorn/values.ts";
import { runProgram, type MockRun } from "../../support/mock-engine.ts";
import { assertChartValues } from "../charts/chart-values.ts";
import { assertCustomResource } from "../charts/custom-objects.ts";
import { needsFacts } from "../charts/facts.ts";
import { inputsOf, runWith } from "./storage-program.ts";

const s3 = {
  endpoint: "https://s3.example.org:8443",
  bucket: "saved",
  region: "eu",
  accessKey: "id-of-the-target",
  secretKey: "secret-of-the-target",
};
const target: BackupTarget = {
  store: { ...s3, accessKey: new Sensitive(s3.accessKey), secretKey: new Sensitive(s3.secretKey) },
  cluster: "dev",
};

describe("Longhorn's snapshots and backups", () => {
  it("are made of every volume each day, backups only where there is somewhere to put them", () => {
    const kept = { snapshots: 3, backups: 7 };
    assert.deepEqual(recurringJobs(kept, true), [
      {
        name: "daily-snapshot",
        task: "snapshot",
        cron: "0 1 * * *",
        retain: 3,
        concurrency: 2,
        groups: ["default"],
      },
      {
        name: "daily-backup",
        task: "backup",
        cron: "0 2 * * *",
        retain: 7,
        concurrency: 2,
        groups: ["default"],
      },
    ]);
    const tasks = (changes: Partial<typeof kept>, hasTarget: boolean) =>
      recurringJobs({ ...kept, ...changes }, hasTarget).map(({ task }) => task);
    assert.deepEqual(tasks({}, false), ["snapshot"]);
    assert.deepEqual(tasks({ snapshots: 0 }, true), ["backup"]);
    assert.deepEqual(tasks({ backups: 0 }, true), ["snapshot"]);
  });

  it("go into a folder of the bucket that neither etcd nor Velero uses", () => {
    assert.equal(backupTargetUrl(target), "s3://saved@eu/dev/longhorn/");
    const inFolder = { ...target, store: { ...target.store, folder: "lab/one" } };
    assert.equal(backupTargetUrl(inFolder), "s3://saved@eu/lab/one/longhorn/");
  });

  it("are put there with keys and an address by the names that Longhorn reads", () => {
    assert.deepEqual(backupCredentials(target), {
      AWS_ACCESS_KEY_ID: "id-of-the-target",
      AWS_SECRET_ACCESS_KEY: "secret-of-the-target",
      AWS_ENDPOINTS: "https://s3.example.org:8443",
    });
  });

  it("are told of by values that the chart has", function () {
    const settings = { size: "small", copies: 2, teardown: false } as const;
    const values = longhornValues(settings, { url: backupTargetUrl(target), secretName: "longhorn-backup" });
    assertChartValues(needsFacts(this), "longhorn", values);
    assert.deepEqual(values.defaultBackupStore, {
      backupTarget: "s3://saved@eu/dev/longhorn/",
      backupTargetCredentialSecret: "longhorn-backup",
    });
    assert.ok(!("defaultBackupStore" in longhornValues(settings)));
  });
});

interface Policy {
  readonly spec: { readonly egress: readonly { readonly ports: readonly { readonly port: number }[] }[] };
}

/** Ports outside that Longhorn's pods may reach. */
const portsTo = (run: MockRun) =>
  (inputsOf(run, ":NetworkPolicy", "longhorn") as unknown as Policy).spec.egress.flatMap(({ ports }) =>
    ports.map(({ port }) => port),
  );
const jobsOf = (run: MockRun) =>
  run.resources.filter(({ type }) => type.endsWith(":RecurringJob")).map(({ name }) => name);

describe("Longhorn in a stack with uap:backup.s3", () => {
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
      "uap:backup": { s3 },
      "uap:platform": { preset: "minimal", systems: { portal: false, longhorn: true } },
    });
  });

  it("saves every volume in jobs whose definition knows all of their fields", function () {
    const folder = needsFacts(this);
    assert.deepEqual(jobsOf(run), ["longhorn-daily-snapshot", "longhorn-daily-backup"]);
    for (const name of jobsOf(run)) {
      const job = inputsOf(run, ":RecurringJob", name) as unknown as Parameters<
        typeof assertCustomResource
      >[1];
      assertCustomResource(folder, job);
      assert.equal(job.metadata.name, (job.spec as { name: string }).name);
      assert.equal(job.metadata.namespace, "longhorn-system");
    }
  });

  it("reaches the service, and shows its keys to nobody", () => {
    assert.deepEqual(portsTo(run), [443, 6443, 8443]);
    const { metadata } = inputsOf(run, ":Secret", "longhorn-backup") as {
      metadata: { name: string; namespace: string };
    };
    assert.deepEqual([metadata.name, metadata.namespace], ["longhorn-backup", "longhorn-system"]);
    for (const { inputs, name, type } of run.resources)
      if (!type.endsWith(":Secret"))
        assert.ok(!name.includes("longhorn") || !JSON.stringify(inputs).includes("of-the-target"), name);
  });
});

describe("Longhorn in a stack without uap:backup.s3", () => {
  it("keeps snapshots alone, and reaches nothing more outside", async () => {
    const run = await runWith({ longhorn: true });
    assert.deepEqual(jobsOf(run), ["longhorn-daily-snapshot"]);
    assert.deepEqual(portsTo(run), [443, 6443]);
  });

  it("makes none any more once its data are to go", async () => {
    assert.deepEqual(jobsOf(await runWith({ longhorn: { teardown: true } })), []);
  });
});
