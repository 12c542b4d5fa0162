import assert from "node:assert/strict";
import { stringify } from "yaml";
import { givenAccess } from "../../infra/given-access.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const kubeconfig = (user: object) =>
  stringify({
    clusters: [
      { name: "c", cluster: { server: "https://api.test:6443", "certificate-authority-data": base64("CA") } },
    ],
    users: [{ name: "u", user }],
  });

describe("the way into a given cluster", () => {
  it("is a certificate, a token, or what a command says", () => {
    const server = new URL("https://api.test:6443");
    const certificate = { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") };
    assert.deepEqual(givenAccess(kubeconfig(certificate)), {
      server,
      authority: "CA",
      certificate: "CERT",
      key: "KEY",
    });
    assert.deepEqual(givenAccess(kubeconfig({ token: "T" })), { server, authority: "CA", token: "T" });
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "sh",
      args: ["-c", `printf '{"status":{"token":"%s"}}' "$WHO"`],
      env: [{ name: "WHO", value: "me" }],
    };
    assert.deepEqual(givenAccess(kubeconfig({ exec })), { server, authority: "CA", token: "me" });
  });

  it("is refused where there is none, and where its command fails", () => {
    assert.throws(() => givenAccess(kubeconfig({ username: "u" })), /neither a certificate nor a token/);
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "sh",
      args: ["-c", "echo no >&2; exit 1"],
    };
    assert.throws(() => givenAccess(kubeconfig({ exec })), /command sh failed: no/);
  });
});
