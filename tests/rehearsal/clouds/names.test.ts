import assert from "node:assert/strict";
import { resolveName } from "../../../rehearsal/clouds/index.ts";
import { cloudflare } from "../../../rehearsal/providers/cloudflare/provider.ts";
import type { Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { created, difference } from "../providers/direct.ts";
import { openClouds, type TestClouds } from "./clouds.ts";

const stand = cloudflare();
const getZone = (name: string) => stand.invoke?.("cloudflare:index/getZone:getZone", { filter: { name } });

describe("the simulated DNS", () => {
  let clouds: TestClouds;
  let zoneId: unknown;

  beforeEach(async () => {
    clouds = await openClouds({ zones: ["example.dev"] });
    ({ zoneId } = (await getZone("example.dev")) ?? {});
  });

  afterEach(() => clouds.stop());

  const make = (inputs: Properties) =>
    created(stand, "cloudflare:index/dnsRecord:DnsRecord", { zoneId, ttl: 120, type: "A", ...inputs });

  it("finds zones, and says when there is none", async () => {
    assert.match(String(zoneId), /^[0-9a-f]{32}$/);
    await assert.rejects(
      getZone("other.dev") ?? Promise.resolve(),
      /no zone "other.dev" at Cloudflare: add the domain/,
    );
  });

  it("refuses records that make no sense", async () => {
    const record = { name: "api.example.dev", content: "192.0.2.1" };
    const kept = await make(record);
    await assert.rejects(make({ ...record, ttl: 300 }), /identical record/);
    await assert.rejects(make({ ...record, type: "CNAME", content: "x" }), /beside another/);
    await assert.rejects(make({ ...record, name: "api.other.dev" }), /not in the zone/);
    await assert.rejects(make({ ...record, name: "x.example.dev", ttl: 30 }), /time to live/);
    await assert.rejects(make({ ...record, zoneId: "0" }), /no zone with the id "0"/);
    const changed = { ...kept.inputs, content: "192.0.2.9", ttl: 60 };
    assert.deepEqual((await difference(stand, kept, changed)).replaces, []);
    assert.deepEqual((await difference(stand, kept, { ...changed, zoneId: "0" })).replaces, ["zoneId"]);
  });

  it("resolves names, wildcards and CNAMEs", async () => {
    await make({ name: "*.hc1.example.dev", content: "192.0.2.1" });
    await make({ name: "*.hc1.example.dev", content: "192.0.2.2" });
    await make({ name: "api.hc1.example.dev", content: "192.0.2.3" });
    await make({ name: "www.example.dev", type: "CNAME", content: "api.hc1.example.dev" });
    await make({ name: "loop.example.dev", type: "CNAME", content: "loop.example.dev" });
    const answers = (name: string) => resolveName(name, clouds.state());
    assert.deepEqual(answers("kib.data.hc1.example.dev"), ["192.0.2.1", "192.0.2.2"]);
    assert.deepEqual(answers("API.hc1.example.dev."), ["192.0.2.3"]);
    assert.deepEqual(answers("www.example.dev"), ["192.0.2.3"]);
    assert.deepEqual(answers("x.api.hc1.example.dev"), []);
    assert.deepEqual(answers("loop.example.dev"), []);
    assert.deepEqual(answers("hc2.example.dev"), []);
  });
});
