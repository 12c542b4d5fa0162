import assert from "node:assert/strict";
import { parseDocument } from "yaml";
import { forgetEncryption, replaceSecrets } from "../../rehearsal/engine/placeholders.ts";

const file = `
encryptionsalt: v1:abc
config:
  uap:domain: example.org
  uap:backup:
    s3:
      bucket: snapshots
      secretKey: { secure: v1:cipher }
  uap:list: [{ secure: v1:other }]
`;

describe("encrypted values in a rehearsal", () => {
  it("are placeholders, wherever they stand, and everything else stays", () => {
    const document = parseDocument(file);
    assert.equal(replaceSecrets(document), true);
    assert.deepEqual(document.toJS(), {
      encryptionsalt: "v1:abc",
      config: {
        "uap:domain": "example.org",
        "uap:backup": { s3: { bucket: "snapshots", secretKey: "rehearsed-without-the-secret" } },
        "uap:list": ["rehearsed-without-the-secret"],
      },
    });
  });

  it("are looked for in vain where there are none", () => {
    assert.equal(replaceSecrets(parseDocument("config: { uap:domain: example.org }")), false);
    assert.equal(replaceSecrets(parseDocument("config: { uap:x: { secure: a, other: b } }")), false);
  });

  it("are not opened by the file's own key any more", () => {
    const document = parseDocument(file);
    forgetEncryption(document);
    assert.deepEqual(Object.keys(document.toJS() as object), ["config"]);
    forgetEncryption(parseDocument(""));
  });
});
