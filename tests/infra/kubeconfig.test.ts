import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { kubeconfigPath, readKubeconfig } from "../../infra/kubeconfig.ts";

const document = (authority: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "lab",
  contexts: [
    { name: "lab", context: { cluster: "lab", user: "admin" } },
    { name: "production", context: { cluster: "production", user: "root" } },
  ],
  clusters: [
    { name: "lab", cluster: { server: "https://127.0.0.1:6443", ...authority } },
    { name: "production", cluster: { server: "https://203.0.113.7:6443" } },
  ],
  users: [
    { name: "admin", user: { token: "lab-token" } },
    { name: "root", user: { token: "production-token" } },
  ],
});

describe("a kubeconfig", () => {
  let folder: string;
  let file: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "uap-kubeconfig-"));
    file = join(folder, "config");
  });
  after(() => rm(folder, { recursive: true }));

  const given = (content: unknown) =>
    writeFile(file, typeof content === "string" ? content : stringify(content));

  it("keeps the chosen context and forgets every other cluster", async () => {
    await given(document());
    const { contents, context, server } = readKubeconfig(file);
    assert.equal(context, "lab");
    assert.equal(server, "https://127.0.0.1:6443");
    assert.ok(!contents.includes("production"));
  });

  it("takes the context that is asked for", async () => {
    await given(document());
    assert.equal(readKubeconfig(file, "production").server, "https://203.0.113.7:6443");
  });

  it("carries certificates along instead of pointing at files", async () => {
    await writeFile(join(folder, "ca.pem"), "CERTIFICATE");
    await given(document({ "certificate-authority": "ca.pem" }));
    const { clusters } = parse(readKubeconfig(file).contents) as {
      clusters: { cluster: Record<string, string> }[];
    };
    assert.deepEqual(clusters[0]?.cluster, {
      server: "https://127.0.0.1:6443",
      "certificate-authority-data": Buffer.from("CERTIFICATE").toString("base64"),
    });
  });

  it("tells clusters apart by their authority, not by their address", async () => {
    await given(document({ "certificate-authority-data": "QQ==" }));
    const first = readKubeconfig(file);
    await given(stringify(document({ "certificate-authority-data": "QQ==" })).replace(":6443", ":7443"));
    assert.equal(readKubeconfig(file).identity, first.identity);
    await given(document({ "certificate-authority-data": "Qg==" }));
    assert.notEqual(readKubeconfig(file).identity, first.identity);
  });

  it("says what to do when it is missing, malformed or has no such context", async () => {
    assert.throws(
      () => readKubeconfig(join(folder, "nowhere")),
      /cannot be read .* Set KUBECONFIG .* or run `make up`/,
    );
    await given("contexts: 7");
    assert.throws(() => readKubeconfig(file), /is not a kubeconfig file/);
    await given(document());
    assert.throws(
      () => readKubeconfig(file, "prodution"),
      /has no context "prodution". Did you mean "production"\? It has: lab, production\./,
    );
  });

  it("is found where command-line tools find it", () => {
    assert.equal(kubeconfigPath({ KUBECONFIG: "/a/config:/b/config" }), "/a/config");
    assert.match(kubeconfigPath({}), /\.kube\/config$/);
  });
});
