import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import fc from "fast-check";

import { keepAddress, loopbackAddress } from "../../../rehearsal/kubernetes/address.ts";
import { testFolder } from "./cluster.ts";

describe("a cluster's address", () => {
  it("is a loopback address that depends on the folder alone", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (folder) => {
        const address = loopbackAddress(folder);
        assert.match(
          address,
          /^127\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d{1,3}\.([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$/,
        );
        assert.equal(loopbackAddress(folder), address);
      }),
    );
    assert.notEqual(loopbackAddress("/one"), loopbackAddress("/two"));
  });

  it("stays the same", async () => {
    const folder = testFolder();
    const address = await keepAddress(folder);
    assert.deepEqual(await keepAddress(folder), address);
  });

  it("is the one that is asked for, at the usual port", async () => {
    const folder = testFolder();
    await keepAddress(folder);
    assert.deepEqual(await keepAddress(folder, "127.3.2.1"), { host: "127.3.2.1", port: 6443 });
  });

  it("has another port, and keeps it, after somebody took the first", async () => {
    const folder = testFolder();
    const first = await keepAddress(folder);
    const squatter = createServer().listen(first.port, first.host);
    await once(squatter, "listening");
    const second = await keepAddress(folder);
    assert.equal(second.host, first.host);
    assert.notEqual(second.port, first.port);
    squatter.close();
    await once(squatter, "close");
    assert.deepEqual(await keepAddress(folder), second);
  });

  it("is chosen anew when nobody can read what was kept", async () => {
    const folder = testFolder();
    const address = await keepAddress(folder);
    writeFileSync(join(folder, "address.json"), '{"host":');
    assert.deepEqual(await keepAddress(folder), address);
  });

  it("is refused when it is not this machine's", async () => {
    await assert.rejects(keepAddress(testFolder(), "192.0.2.1"), {
      name: "UserError",
      message: "The API server cannot listen at 192.0.2.1 (EADDRNOTAVAIL): give an address of this machine.",
    });
  });
});
