import assert from "node:assert/strict";
import { parse } from "../../../config/parse.ts";
import {
  firstStart,
  policyFiles,
  policyText,
  serverConfiguration,
} from "../../../platform/cluster/openbao-files.ts";
import { openbaoOptions, type OpenbaoOptions } from "../../../platform/cluster/openbao-options.ts";
import { sealSecrets } from "../../../platform/cluster/openbao-values.ts";

function optionsOf(said: Record<string, unknown>): OpenbaoOptions {
  const { findings, value } = parse(openbaoOptions, said, ["openbao"]);
  assert.deepEqual(findings, []);
  assert.ok(value);
  return value;
}

function refusals(said: Record<string, unknown>): string[] {
  return parse(openbaoOptions, said, ["openbao"]).findings.map(({ reason }) => reason);
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

  it("keep the secrets of an unsealing service out of their configuration", () => {
    const { seal } = optionsOf({ seal: transit });
    assert.doesNotMatch(serverConfiguration(seal, 1), /hush/);
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
      "declares policies that nobody can write while it is sealed.",
    ]);
    assert.deepEqual(refusals({ seal: { kind: "none" } }), []);
  });
});
