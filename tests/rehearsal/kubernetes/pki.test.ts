import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { createAuthority, issueCertificate } from "../../../rehearsal/kubernetes/pki/authority.ts";
import type { KeyPair } from "../../../rehearsal/kubernetes/pki/pki.ts";
import { keepAuthorities, keepPki } from "../../../rehearsal/kubernetes/pki/store.ts";
import { testFolder } from "./cluster.ts";

const day = 24 * 60 * 60 * 1000;

function parse({ certificate, key }: KeyPair): X509Certificate {
  const parsed = new X509Certificate(certificate);
  assert.ok(parsed.checkPrivateKey(createPrivateKey(key)));
  return parsed;
}

describe("a certificate authority", () => {
  it("vouches for itself, and for whom it issues certificates to", async () => {
    const pair = await createAuthority("test authority", 10);
    const authority = parse(pair);
    assert.ok(authority.ca);
    assert.ok(authority.checkIssued(authority));
    assert.equal(authority.subject, "CN=test authority");

    const serves = { names: ["localhost"], addresses: ["127.0.0.1"] };
    const server = parse(await issueCertificate(pair, { commonName: "server", serves, days: 2 }));
    assert.ok(server.verify(authority.publicKey) && server.checkIssued(authority) && !server.ca);
    assert.equal(server.subjectAltName, "DNS:localhost, IP Address:127.0.0.1");
    assert.ok(Math.abs(server.validToDate.getTime() - Date.now() - 2 * day) < 60_000);
    assert.deepEqual(server.keyUsage, ["1.3.6.1.5.5.7.3.1"]);

    const client = parse(
      await issueCertificate(pair, { commonName: "system:admin", organization: "system:masters", days: 1 }),
    );
    assert.equal(client.subject, "O=system:masters\nCN=system:admin");
    assert.deepEqual(client.keyUsage, ["1.3.6.1.5.5.7.3.2"]);
  });
});

describe("a kept PKI", () => {
  const keep = async (folder: string, addresses: readonly string[] = ["127.0.0.1"]) =>
    keepPki(folder, await keepAuthorities(folder, "test"), addresses);

  it("stays as it is", async () => {
    const folder = testFolder();
    const made = await keep(folder);
    assert.deepEqual(await keep(folder), made);
    assert.equal(statSync(join(folder, "administrator.key")).mode & 0o777, 0o600);
  });

  it("gets a new server certificate for a new address, and nothing else", async () => {
    const folder = testFolder();
    const { server, ...rest } = await keep(folder);
    const { server: renewed, ...others } = await keep(folder, ["127.0.0.1", "127.0.0.2"]);
    assert.deepEqual(others, rest);
    assert.notDeepEqual(renewed, server);
    assert.ok(parse(renewed).checkIP("127.0.0.2"));
  });

  it("gets anew what expires within a day", async () => {
    const folder = testFolder();
    const { authorities, administrator, server } = await keep(folder);
    const old = await issueCertificate(authorities.client, { commonName: "system:admin", days: 0.9 });
    writeFileSync(join(folder, "administrator.crt"), old.certificate);
    writeFileSync(join(folder, "administrator.key"), old.key);
    const renewed = await keep(folder);
    assert.notEqual(renewed.administrator.certificate, old.certificate);
    assert.notEqual(renewed.administrator.certificate, administrator.certificate);
    assert.deepEqual(renewed.server, server);
  });

  it("gets anew what was written by half, or comes from another authority", async () => {
    const folder = testFolder();
    const first = await keep(folder);
    writeFileSync(join(folder, "api-server.key"), first.administrator.key);
    const second = await keep(folder);
    parse(second.server);
    assert.notEqual(second.server.certificate, first.server.certificate);

    rmSync(join(folder, "client-authority.crt"));
    const third = await keep(folder);
    assert.ok(parse(third.administrator).verify(parse(third.authorities.client).publicKey));
    assert.deepEqual(third.server, second.server);
    assert.equal(
      readFileSync(join(folder, "service-account.key"), "utf8"),
      first.authorities.serviceAccountKey,
    );
  });
});
