import assert from "node:assert/strict";

import { decodeYaml } from "../../../../rehearsal/providers/kubernetes/yaml-decode.ts";

describe("The function kubernetes:yaml:decode", () => {
  const decode = async (text: string) => (await decodeYaml(undefined, { text })).result;
  const head = { apiVersion: "v1", kind: "ConfigMap" };

  it("reads several documents and leaves out what is no object", async () => {
    const text =
      "apiVersion: v1\nkind: ConfigMap\n---\n# nothing\n---\na: b\n---\n{ apiVersion: v1, kind: ConfigMap }";
    assert.deepEqual(await decode(text), [head, head]);
  });

  it("reads YAML as Kubernetes does", async () => {
    const spec = { on: true, mode: 511, ports: "22:22", date: "2026-01-31", same: { a: 1, b: 2 } };
    const text = `
apiVersion: v1
kind: ConfigMap
spec:
  "on": yes
  mode: 0777
  ports: 22:22
  date: 2026-01-31
  same: { <<: { a: 1 }, b: 2 }`;
    assert.deepEqual(await decode(text), [{ ...head, spec }]);
  });

  it("puts what has no namespace into the default one", async () => {
    const text = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }";
    const { result } = await decodeYaml(undefined, { text, defaultNamespace: "shop" });
    assert.deepEqual(result, [{ ...head, metadata: { name: "a", namespace: "shop" } }]);
  });

  it("says where the text is no YAML", async () => {
    await assert.rejects(decode("a: [1, 2"), /This is no valid YAML: .*line 1/);
  });
});
