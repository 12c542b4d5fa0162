import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey, sign, verify, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "@pulumi/tls";
import { unknownValue, type Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { tls as provider } from "../../../rehearsal/providers/tls/provider.ts";
import { created, difference, read, refusals, updated, type Kept } from "./direct.ts";
import { TestEngine } from "./engine.ts";

const stand = provider();
const types = {
  key: "tls:index/privateKey:PrivateKey",
  selfSigned: "tls:index/selfSignedCert:SelfSignedCert",
  request: "tls:index/certRequest:CertRequest",
  signed: "tls:index/locallySignedCert:LocallySignedCert",
};
const text = (kept: Kept, name: string): string => String(kept.state[name]);

/** Runs a tool; the files are written beside each other and named in the arguments. */
function tool(command: string, options: readonly string[], files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "uap-tls-"));
  try {
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(folder, name), content, { mode: 0o600 });
    const { status, stdout, stderr, error } = spawnSync(command, options, { cwd: folder, encoding: "utf8" });
    if (error) throw error;
    assert.equal(status, 0, stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const has = (command: string): boolean => spawnSync(command, ["-?"]).error === undefined;

const keys = [
  { algorithm: "RSA", rsaBits: 2048 },
  { algorithm: "ECDSA", ecdsaCurve: "P256" },
  { algorithm: "ECDSA", ecdsaCurve: "P384" },
  { algorithm: "ECDSA", ecdsaCurve: "P521" },
  { algorithm: "ED25519" },
];

const nameOf = (inputs: Properties): string => Object.values(inputs).join(" ");

describe("the stand-in for tls", () => {
  describe("private keys", () => {
    const formats = {
      RSA: "RSA PRIVATE KEY",
      ECDSA: "EC PRIVATE KEY",
      ED25519: "PRIVATE KEY",
    };

    for (const inputs of [...keys, { algorithm: "ECDSA", ecdsaCurve: "P224" }]) {
      it(`makes ${nameOf(inputs)} keys whose formats are one key`, async () => {
        const kept = await created(stand, types.key, inputs);
        assert.ok(
          text(kept, "privateKeyPem").startsWith(`-----BEGIN ${formats[inputs.algorithm as "RSA"]}-----\n`),
        );
        assert.ok(text(kept, "privateKeyPemPkcs8").startsWith("-----BEGIN PRIVATE KEY-----\n"));
        const key = createPrivateKey(text(kept, "privateKeyPem"));
        assert.ok(key.equals(createPrivateKey(text(kept, "privateKeyPemPkcs8"))));
        const signature = sign(null, Buffer.from("message"), key);
        assert.ok(
          verify(null, Buffer.from("message"), createPublicKey(text(kept, "publicKeyPem")), signature),
        );
      });
    }

    for (const inputs of keys) {
      it(`writes ${nameOf(inputs)} keys as OpenSSH reads them`, async function () {
        if (!has("ssh-keygen")) this.skip();
        const kept = await created(stand, types.key, inputs);
        const files = { key: text(kept, "privateKeyOpenssh"), "key.pub": text(kept, "publicKeyOpenssh") };
        assert.equal(
          tool("ssh-keygen", ["-y", "-f", "key"], { key: files.key }).trim(),
          files["key.pub"].trim(),
        );
        const [, sha256] = tool("ssh-keygen", ["-l", "-f", "key.pub"], files).split(" ");
        assert.equal(kept.state.publicKeyFingerprintSha256, sha256);
        const [, md5] = tool("ssh-keygen", ["-l", "-E", "md5", "-f", "key.pub"], files).split(" ");
        assert.equal(`MD5:${text(kept, "publicKeyFingerprintMd5")}`, md5);
      });
    }

    it("has no OpenSSH format for P224, as OpenSSH has none", async () => {
      const kept = await created(stand, types.key, { algorithm: "ECDSA" });
      assert.deepEqual(
        [kept.state.ecdsaCurve, kept.state.publicKeyOpenssh, kept.state.privateKeyOpenssh],
        ["P224", "", ""],
      );
    });

    it("are replaced by any change, and cannot be of an unknown kind", async () => {
      const kept = await created(stand, types.key, { algorithm: "ED25519" });
      assert.deepEqual((await difference(stand, kept, { algorithm: "RSA" })).replaces, ["algorithm"]);
      assert.equal((await difference(stand, kept, { algorithm: "ED25519", rsaBits: 2048 })).changes, false);
      assert.match((await refusals(stand, types.key, { algorithm: "DSA" })).join(), /algorithm: .*"RSA"/);
    });
  });

  describe("certificates", () => {
    const subject = {
      commonName: "Übung: authority",
      organization: "#1 & sons, Ltd.",
      country: "DE",
      streetAddresses: ["1 Street", "2nd floor"],
      emailAddress: "root@example.org",
    };
    const names = {
      dnsNames: ["api.example.org", "*.example.org"],
      ipAddresses: ["127.0.0.1", "2001:db8::1"],
      uris: ["spiffe://example.org/node"],
    };
    const authorityInputs = (key: Kept): Properties => ({
      privateKeyPem: key.state.privateKeyPem,
      subject,
      isCaCertificate: true,
      maxPathLength: 0,
      validityPeriodHours: 48,
      allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
    });

    async function chain(inputs: Properties, leafInputs: Properties = inputs) {
      const authorityKey = await created(stand, types.key, inputs);
      const authority = await created(stand, types.selfSigned, authorityInputs(authorityKey));
      const key = await created(stand, types.key, leafInputs);
      const { privateKeyPem } = key.state;
      const request = await created(stand, types.request, {
        privateKeyPem,
        subject: { commonName: "system:admin" },
        ...names,
      });
      const certificate = await created(stand, types.signed, {
        certRequestPem: request.state.certRequestPem,
        caCertPem: authority.state.certPem,
        caPrivateKeyPem: authorityKey.state.privateKeyPem,
        validityPeriodHours: 24,
        allowedUses: ["key_encipherment", "digital_signature", "server_auth", "client_auth"],
        setSubjectKeyId: true,
      });
      return { authorityKey, authority, key, request, certificate };
    }

    for (const inputs of keys) {
      it(`makes ${nameOf(inputs)} chains that openssl verifies`, async function () {
        if (!has("openssl")) this.skip();
        const { authority, key, request, certificate } = await chain(inputs);
        const files = {
          "ca.pem": text(authority, "certPem"),
          "leaf.pem": text(certificate, "certPem"),
          "request.pem": text(request, "certRequestPem"),
        };
        const verification = [
          "verify",
          "-x509_strict",
          "-purpose",
          "sslserver",
          "-verify_hostname",
          "api.example.org",
        ];
        assert.match(
          tool("openssl", [...verification, "-CAfile", "ca.pem", "leaf.pem"], files),
          /leaf\.pem: OK/,
        );
        tool("openssl", ["req", "-verify", "-noout", "-in", "request.pem"], files);
        assert.ok(
          new X509Certificate(files["leaf.pem"]).checkPrivateKey(
            createPrivateKey(text(key, "privateKeyPem")),
          ),
        );
        assert.equal(certificate.state.caKeyAlgorithm, inputs.algorithm);
      });
    }

    it("signs keys of one kind by those of another", async () => {
      const { authority, certificate } = await chain({ algorithm: "RSA" }, { algorithm: "ED25519" });
      const leaf = new X509Certificate(text(certificate, "certPem"));
      assert.ok(leaf.verify(new X509Certificate(text(authority, "certPem")).publicKey));
    });

    it("writes what was asked for, and nothing else", async function () {
      if (!has("openssl")) this.skip();
      const { authority, certificate } = await chain({ algorithm: "ECDSA", ecdsaCurve: "P256" });
      const show = (kept: Kept): string =>
        tool("openssl", ["x509", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus", "-in", "it.pem"], {
          "it.pem": text(kept, "certPem"),
        });
      const ca = show(authority);
      const subjectShown =
        "C=DE,O=#1 & sons, Ltd.,street=1 Street+street=2nd floor,CN=Übung: authority,emailAddress=root@example.org";
      assert.ok(ca.includes(`Subject: ${subjectShown}\n`), ca);
      assert.match(ca, /Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
      assert.match(ca, /Key Usage: critical\s+Digital Signature, Certificate Sign, CRL Sign/);
      assert.doesNotMatch(ca, /Authority Key Identifier|Extended Key Usage|Alternative Name/);
      const leaf = show(certificate);
      assert.ok(leaf.includes(`Issuer: ${subjectShown}\n`), leaf);
      assert.match(leaf, /Subject: CN=system:admin\n/);
      assert.match(leaf, /Basic Constraints: critical\s+CA:FALSE/);
      assert.match(
        leaf,
        /Extended Key Usage: \s+TLS Web Server Authentication, TLS Web Client Authentication/,
      );
      assert.match(
        leaf,
        /DNS:api.example.org, DNS:\*.example.org, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, URI:spiffe:\/\/example.org\/node/,
      );
      const keyId = (shown: string, name: string) =>
        new RegExp(`${name} Key Identifier: \\s+(?:keyid:)?([0-9A-F:]+)`).exec(shown)?.[1];
      assert.ok(keyId(leaf, "Subject"));
      assert.equal(keyId(leaf, "Authority"), keyId(ca, "Subject"));
    });

    it("are valid from now for the hours asked, and numbered like their id", async () => {
      const key = await created(stand, types.key, { algorithm: "ED25519" });
      const authority = await created(stand, types.selfSigned, authorityInputs(key));
      const start = Date.parse(text(authority, "validityStartTime"));
      assert.equal(Date.parse(text(authority, "validityEndTime")) - start, 48 * 3600 * 1000);
      assert.ok(Math.abs(Date.now() - start) < 60_000);
      const certificate = new X509Certificate(text(authority, "certPem"));
      assert.equal(certificate.validFromDate.getTime(), start);
      assert.equal(BigInt(`0x${certificate.serialNumber}`).toString(), authority.id);
      assert.equal(authority.state.readyForRenewal, false);
    });

    it("are replaced when it is time to renew them, and only then", async () => {
      const key = await created(stand, types.key, { algorithm: "ED25519" });
      const inputs = authorityInputs(key);
      const kept = await created(stand, types.selfSigned, inputs);
      assert.equal((await difference(stand, kept, inputs)).changes, false);
      const early = { ...inputs, earlyRenewalHours: 49 };
      assert.deepEqual((await difference(stand, kept, early)).detailed, { earlyRenewalHours: "update" });
      const due = await updated(stand, kept, early);
      assert.equal(due.state.readyForRenewal, true);
      assert.equal(due.state.certPem, kept.state.certPem);
      assert.deepEqual((await difference(stand, due, early)).replaces, ["readyForRenewal"]);
      const expired = { ...kept, state: { ...kept.state, validityEndTime: "2020-01-01T00:00:00Z" } };
      assert.equal((await read(stand, expired)).state.readyForRenewal, true);
      assert.deepEqual((await difference(stand, expired, inputs)).replaces, ["readyForRenewal"]);
    });

    it("refuse what cannot be, without telling the key", async () => {
      const base = { privateKeyPem: "the-secret", validityPeriodHours: 1, allowedUses: ["server_auth"] };
      assert.deepEqual(await refusals(stand, types.selfSigned, { ...base, privateKeyPem: unknownValue }), []);
      const wrong = await refusals(stand, types.selfSigned, {
        ...base,
        allowedUses: ["serverAuth"],
        ipAddresses: ["1.2.3"],
      });
      assert.equal(wrong.length, 2);
      assert.match(wrong.join("\n"), /allowedUses.0: .*"server_auth"[^]*ipAddresses.0: not an IP address/);
      await assert.rejects(created(stand, types.selfSigned, base), (error: Error) => {
        return (
          error.message.includes("privateKeyPem is not a private key") &&
          !error.message.includes("the-secret")
        );
      });
      const p224 = await created(stand, types.key, { algorithm: "ECDSA" });
      await assert.rejects(
        created(stand, types.selfSigned, { ...base, privateKeyPem: p224.state.privateKeyPem }),
        /set ecdsaCurve to P256/,
      );
    });
  });

  describe("on the real engine", () => {
    let engine: TestEngine;

    before(async () => {
      engine = await TestEngine.open();
    });

    after(async () => {
      await engine.close();
    });

    it("makes a chain, leaves it alone, renews what follows a new key, and tells no key", async () => {
      const program = (algorithm: string) => async () => {
        const authorityKey = new tls.PrivateKey("authority", { algorithm: "ED25519" });
        const authority = new tls.SelfSignedCert("authority", {
          privateKeyPem: authorityKey.privateKeyPem,
          isCaCertificate: true,
          validityPeriodHours: 24,
          allowedUses: ["cert_signing"],
          subject: { commonName: "authority" },
        });
        const key = new tls.PrivateKey("node", { algorithm, ecdsaCurve: "P256" });
        const request = new tls.CertRequest("node", { privateKeyPem: key.privateKeyPem, dnsNames: ["node"] });
        const certificate = new tls.LocallySignedCert("node", {
          certRequestPem: request.certRequestPem,
          caCertPem: authority.certPem,
          caPrivateKeyPem: authorityKey.privateKeyPem,
          validityPeriodHours: 24,
          allowedUses: ["server_auth"],
        });
        const secrets = [
          authorityKey.privateKeyPem,
          key.privateKeyPem,
          key.privateKeyOpenssh,
          key.privateKeyPemPkcs8,
        ];
        return Promise.resolve({ certificate: certificate.certPem, secrets });
      };
      const first = await engine.up(program("ED25519"));
      assert.deepEqual(first.changes, { create: ["authority", "authority", "node", "node", "node"] });
      const state = await engine.state();
      assert.deepEqual((await engine.up(program("ED25519"))).changes, {});
      const second = await engine.up(program("ECDSA"));
      assert.deepEqual(second.changes["create-replacement"], ["node", "node", "node"]);
      const gone = await engine.destroy();
      const everything = [first.said, state, second.said, gone.said].join("\n");
      assert.ok(everything.includes("BEGIN CERTIFICATE"));
      for (const pem of [first.outputs.secrets, second.outputs.secrets].flat()) {
        // Any line of the key's body, however line ends are written there.
        assert.ok(!everything.includes(String(pem).split("\n")[1] ?? ""), "a private key can be read");
      }
    });
  });
});
