import assert from "node:assert/strict";

import { checksumOf } from "../../../rehearsal/toolchain/checksums.ts";

const one = "1".repeat(64);
const two = "abcdef01".repeat(8);

describe("a published checksum", () => {
  it("is found in a list by the whole file name", () => {
    const list = `${one}  etcd-v3.tar.gz.asc\n${two}  etcd-v3.tar.gz\n`;
    assert.equal(checksumOf("etcd-v3.tar.gz", list, "list"), two);
    assert.equal(checksumOf("etcd", list, "list"), undefined);
  });

  it("is found in a list with Windows line ends, binary marks and capital digits", () => {
    assert.equal(checksumOf("a", `${one} *b\r\n${two.toUpperCase()} *a\r\n`, "list"), two);
  });

  it("is read from a file that holds nothing else", () => {
    assert.equal(checksumOf("kube-apiserver", `${two}\n`, "bare"), two);
  });

  it("is found in GitHub's description of a release", () => {
    const release = JSON.stringify({
      tag_name: "v1",
      assets: [
        { name: "other", digest: null },
        { name: "kwok", digest: `sha256:${two}`, size: 1 },
      ],
    });
    assert.equal(checksumOf("kwok", release, "github-release"), two);
    assert.equal(checksumOf("other", release, "github-release"), undefined);
  });

  it("is not made up from a page that is something else", () => {
    for (const text of ["", "<html>Not here</html>", "{}", "null", one.slice(1), `sha512:${one}`]) {
      for (const format of ["list", "bare", "github-release"] as const) {
        assert.equal(checksumOf("a", text, format), undefined, `${format}: ${text}`);
      }
    }
    assert.equal(checksumOf("a", `${one.slice(1)}  a`, "list"), undefined);
  });
});
