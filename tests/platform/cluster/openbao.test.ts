import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "../../../config/parse.ts";
import {
  firstStart,
  policyFiles,
  policyText,
  serverConfiguration,
} from "../../../platform/cluster/openbao/files.ts";
import { openbaoOptions, type OpenbaoOptions } from "../../../platform/cluster/openbao/options.ts";
import { openbaoValues, sealSecrets, startArgument } from "../../../platform/cluster/openbao/values.ts";
import { openbaoAlerts, openbaoDashboard } from "../../../platform/cluster/openbao/watching.ts";
import { valueAt } from "../charts/chart-values.ts";

function optionsOf(said: Record<string, unknown>): OpenbaoOptions {
  const { findings, value } = parse(openbaoOptions, said, ["openbao"]);
  assert.deepEqual(findings, []);
  assert.ok(value);
  return value;
}

function refusals(said: Record<string, unknown>): string[] {
  return parse(openbaoOptions, said, ["openbao"]).findings.map(({ reason }) => reason);
}

function valuesOf(said: Record<string, unknown>, size: "small" | "large") {
  const name = pulumi.output("name");
  const names = { tls: name, seal: name, administrator: name, start: name };
  return openbaoValues({ size, options: optionsOf(said), names, checksum: pulumi.output("sum") });
}

const transit = { kind: "transit", address: "https://vault.example.org", key: "uap", token: "hush" };
const lab = { name: "lab", paths: { "secret/data/lab/*": ["read"] } };

describe("OpenBao's servers", () => {
  it("speak TLS, and look for every other server", () => {
    const { listener, seal, storage } = JSON.parse(serverConfiguration({ kind: "none" }, 3)) as {
      listener: [{ tcp: Record<string, string> }];
      seal?: unknown;
      storage: { raft: { retry_join: { leader_api_addr: string }[] } };
    };
    assert.equal(listener[0].tcp.tls_cert_file, "/openbao/tls/tls.crt");
    assert.equal(seal, undefined);
    assert.deepEqual(
      storage.raft.retry_join.map(({ leader_api_addr: address }) => address),
      [0, 1, 2].map((index) => `https://openbao-${index}.openbao-internal:8200`),
    );
  });

  it("unseal themselves by a generated key unless another way is chosen", () => {
    const { seal } = optionsOf({});
    assert.deepEqual(seal, { kind: "static" });
    assert.match(serverConfiguration(seal, 1), /"current_key": "file:\/\/\/openbao\/seal\/key"/);
  });

  it("set themselves up on the first one alone, and only while none leads", () => {
    const folder = mkdtempSync(join(tmpdir(), "uap-bao-"));
    try {
      const argumentsOf = (pod: string, leads: boolean) => {
        writeFileSync(join(folder, "bao"), `#!/bin/sh\nexit ${leads ? 0 : 1}\n`, { mode: 0o755 });
        const env = { HOSTNAME: pod, PATH: `${folder}:/usr/bin:/bin` };
        return execFileSync("/bin/sh", ["-ec", `echo ${startArgument}`], { env, encoding: "utf8" }).trim();
      };
      assert.equal(argumentsOf("openbao-0", false), "-config=/openbao/start/start.json");
      assert.equal(argumentsOf("openbao-0", true), "");
      assert.equal(argumentsOf("openbao-1", false), "");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("let a single server's node be drained, and several leave one at a time", () => {
    const budget = "server.ha.disruptionBudget.enabled";
    assert.equal(valueAt(valuesOf({}, "small"), budget), false);
    assert.equal(valueAt(valuesOf({}, "large"), budget), true);
  });

  it("start anew when their certificate or configuration changes, unless a person must unseal them", () => {
    const annotation = "server.annotations.uap\\.dev/checksum";
    assert.notEqual(valueAt(valuesOf({}, "small"), annotation), undefined);
    assert.equal(valueAt(valuesOf({ seal: { kind: "none" } }, "small"), annotation), undefined);
  });

  it("measure what is shown and judged, by the names that their configuration gives", () => {
    const { listener, telemetry } = JSON.parse(serverConfiguration({ kind: "static" }, 1)) as {
      listener: [{ tcp: { telemetry: { unauthenticated_metrics_access: boolean } } }];
      telemetry: { metrics_prefix: string; prometheus_retention_time: string };
    };
    assert.equal(listener[0].tcp.telemetry.unauthenticated_metrics_access, true);
    assert.equal(telemetry.prometheus_retention_time, "24h");
    const queries = [
      ...openbaoDashboard.panels.flatMap((panel) => Object.values(panel.queries)),
      ...openbaoAlerts.map(({ expression }) => expression),
    ];
    for (const query of queries) assert.match(query, new RegExp(`\\(${telemetry.metrics_prefix}_`));
  });

  it("keep the secrets of an unsealing service out of their configuration", () => {
    const { seal } = optionsOf({ seal: transit });
    const configuration = serverConfiguration(seal, 1);
    assert.doesNotMatch(configuration, /hush/);
    assert.match(configuration, /"tls_ca_cert": "\/etc\/ssl\/certs\/ca-certificates\.crt"/);
    assert.deepEqual(sealSecrets(seal), { VAULT_TOKEN: "hush" });
    const awskms = { kind: "awskms", region: "eu-central-1", key: "k", accessKey: "a", secretKey: "hush" };
    const aws = optionsOf({ seal: awskms }).seal;
    assert.doesNotMatch(serverConfiguration(aws, 1), /hush/);
    assert.deepEqual(sealSecrets(aws), { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "hush" });
  });

  it("let the administrator and the policies' Job in at the first start, and nobody else", () => {
    const text = firstStart("openbao");
    const { initialize } = JSON.parse(text) as { initialize: [{ uap: { request: object[] } }] };
    const names = initialize[0].uap.request.flatMap(Object.keys);
    for (const name of names) assert.match(name, /^[A-Za-z_][A-Za-z0-9_-]*$/);
    assert.deepEqual(new Set(names).size, names.length);
    assert.match(text, /"env_var": "UAP_ADMIN_PASSWORD"/);
    assert.match(text, /"bound_service_account_namespaces": \[\s*"openbao"\s*\]/);
  });
});

describe("OpenBao's policies", () => {
  it("are written as OpenBao reads them, with a login where an account is named", () => {
    assert.deepEqual(JSON.parse(policyText({ "secret/data/lab/*": ["read"] })), {
      path: { "secret/data/lab/*": { capabilities: ["read"] } },
    });
    const { policies } = optionsOf({
      policies: [lab, { ...lab, name: "hub", account: { namespace: "data", name: "hub" } }],
    });
    const files = policyFiles(policies);
    assert.deepEqual(Object.keys(files).sort(), [
      "hub.policy.json",
      "hub.role.json",
      "lab.policy.json",
      "write.sh",
    ]);
    assert.deepEqual(JSON.parse(files["hub.role.json"] ?? ""), {
      bound_service_account_names: ["hub"],
      bound_service_account_namespaces: ["data"],
      token_policies: ["hub"],
      token_ttl: "1h",
    });
  });

  it("need names of their own, and servers that unseal themselves", () => {
    assert.deepEqual(refusals({ policies: [lab, lab] }), ["has two policies of the same name."]);
    assert.deepEqual(refusals({ seal: { kind: "none" }, policies: [lab] }), [
      "declares policies, which cannot be written while OpenBao is sealed.",
    ]);
    assert.deepEqual(refusals({ seal: { kind: "none" } }), []);
  });
});
