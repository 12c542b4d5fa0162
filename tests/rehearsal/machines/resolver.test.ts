import assert from "node:assert/strict";
import { CloudClient } from "../../../rehearsal/clouds/client.ts";
import { resolveName } from "../../../rehearsal/clouds/index.ts";
import { openClouds, type TestClouds } from "../clouds/clouds.ts";
import { runProgram } from "./program.ts";

describe("names in the programs of a rehearsal", () => {
  let clouds: TestClouds;

  before(async () => {
    clouds = await openClouds({ zones: ["example.dev"] });
    const record = (name: string, ...values: readonly string[]) =>
      new CloudClient("hcloud").create("zoneRrset", `urn:${name}`, {
        zone: "example.dev",
        name,
        type: "A",
        ttl: 60,
        records: values.map((value) => ({ value })),
      });
    await record("api.hc1", "127.16.0.3", "127.16.0.4");
    await record("*.hc1", "127.16.0.5");
    await record("one.deep.hc1", "127.16.0.6");
  });

  after(() => clouds.stop());

  /** In the place of the DNS: it knows every name. */
  const everybody = `import dns from "node:dns"; dns.lookup = (name, options, done) => done(null, "192.0.2.99", 4);`;

  /** What a program prints that awaits an expression. */
  const evaluate = async (expression: string, url = clouds.url): Promise<unknown> => {
    const program = `
      import dns from "node:dns";
      import { lookup } from "node:dns";
      import { lookup as promised } from "node:dns/promises";
      import { promisify } from "node:util";
      const called = (look, ...settings) => new Promise((resolve) => {
        look(...settings, (error, ...found) => resolve(error ? error.code : found));
      });
      console.log(JSON.stringify(await (${expression}).catch(({ code, hostname }) => [code, hostname])));`;
    const before = ["--import", `data:text/javascript,${encodeURIComponent(everybody)}`];
    return JSON.parse(await runProgram(url, ["--input-type=module", "--eval", program], { before }));
  };

  it("resolve as the records say, by every way to ask", async () => {
    const host = '"api.hc1.example.dev"';
    const both = [
      { address: "127.16.0.3", family: 4 },
      { address: "127.16.0.4", family: 4 },
    ];
    const answers = await evaluate(`Promise.all([
      called(dns.lookup, ${host}),
      called(lookup, ${host}, 4),
      called(lookup, ${host}, { all: true }),
      called(dns.lookup, ${host}, { family: 6 }),
      promised(${host}),
      promised(${host}, { all: true }),
      dns.promises.lookup(${host}),
      promisify(dns.lookup)(${host}),
    ])`);
    const first = both[0];
    assert.deepEqual(answers, [
      ["127.16.0.3", 4],
      ["127.16.0.3", 4],
      [both],
      "ENOTFOUND",
      first,
      both,
      first,
      first,
    ]);
  });

  it("resolve to nothing in a zone that has no such record, whoever else may know them", async () => {
    assert.deepEqual(await evaluate('promised("www.example.dev")'), ["ENOTFOUND", "www.example.dev"]);
  });

  it("are looked up as usual in all other zones, and when the clouds have stopped", async () => {
    const usual = { address: "192.0.2.99", family: 4 };
    assert.deepEqual(await evaluate('promised("www.example.org")'), usual);
    assert.deepEqual(await evaluate('promised("localhost")'), usual);
    assert.deepEqual(await evaluate('promised("api.hc1.example.dev")', "http://127.0.0.1:1"), usual);
  });

  it("have no wildcard's address when something stands below them", () => {
    const answers = (name: string) => resolveName(`${name}.example.dev`, clouds.state());
    assert.deepEqual(answers("other.hc1"), ["127.16.0.5"]);
    assert.deepEqual(answers("one.deep.hc1"), ["127.16.0.6"]);
    assert.deepEqual(answers("deep.hc1"), []);
    assert.deepEqual(answers("two.deep.hc1"), []);
    assert.deepEqual(answers("two.three.hc1"), ["127.16.0.5"]);
  });
});
