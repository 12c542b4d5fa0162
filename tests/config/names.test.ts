import assert from "node:assert/strict";

import fc from "fast-check";

import { hostname } from "../../config/hostnames.ts";
import { complainAboutDomain, complainAboutLabel, isLabel, isWithin } from "../../config/names.ts";
import { closest } from "../../config/suggestions.ts";
import { label } from "./arbitraries.ts";

describe("DNS labels", () => {
  it("are accepted whenever RFC 1123 allows them", () => {
    fc.assert(
      fc.property(label, (name) => {
        assert.equal(complainAboutLabel(name), undefined);
      }),
    );
  });

  it("that are suggested are labels themselves", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 63 }), (name) => {
        const suggestion = complainAboutLabel(name)?.suggestion;
        assert.ok(suggestion === undefined || (typeof suggestion === "string" && isLabel(suggestion)));
      }),
    );
  });

  it("are refused when they are too long, or begin or end with a hyphen", () => {
    for (const wrong of ["", "-a", "a-", "A", "a.b", "a_b", "a".repeat(64), "ä", "a\n"]) {
      assert.ok(complainAboutLabel(wrong), wrong);
    }
  });
});

describe("domains", () => {
  it("are suggested without scheme, port and path", () => {
    assert.equal(complainAboutDomain("https://Example.org:8443/x")?.suggestion, "example.org");
    assert.equal(complainAboutDomain("example.org.")?.suggestion, "example.org");
    assert.ok(complainAboutDomain("exa mple.org"));
    assert.ok(complainAboutDomain(Array(130).fill("a").join(".")));
    assert.equal(complainAboutDomain("localhost"), undefined);
  });

  it("lie within their zone, but not within a namesake", () => {
    assert.ok(isWithin("uap.example.org", "example.org"));
    assert.ok(isWithin("example.org", "example.org"));
    assert.ok(!isWithin("badexample.org", "example.org"));
    assert.ok(!isWithin("org", "example.org"));
  });
});

describe("hostnames", () => {
  it("are service, namespace, cluster and domain, with dots between them", () => {
    fc.assert(
      fc.property(label, fc.option(label, { nil: undefined }), label, (service, namespace, cluster) => {
        const parts = {
          service,
          cluster,
          domain: "example.org",
          ...(namespace === undefined ? {} : { namespace }),
        };
        const host = hostname(parts);
        assert.deepEqual(host.split("."), [
          service,
          ...(namespace === undefined ? [] : [namespace]),
          cluster,
          "example",
          "org",
        ]);
        assert.ok(host.length <= 253);
      }),
    );
  });

  it("are refused when a label or the whole is too long", () => {
    const long = "a".repeat(63);
    assert.throws(
      () => hostname({ service: `${long}a`, cluster: "dev5", domain: "example.org" }),
      /64 characters/,
    );
    assert.throws(
      () => hostname({ service: "Lab", cluster: "dev5", domain: "example.org" }),
      /"Lab" is not a DNS label/,
    );
    assert.throws(
      () => hostname({ service: long, namespace: long, cluster: long, domain: `${long}.org` }),
      /has 259 characters; a DNS name has at most 253/,
    );
  });
});

describe("the nearest word", () => {
  it("is found for typing errors, and not for other words", () => {
    const systems = ["kafka", "kibana", "elasticsearch", "trino", "nifi", "jupyterhub"];
    assert.deepEqual(
      ["kafak", "Kibana", "elastic", "jupyter", "tirno", "postgres", "hive"].map((word) =>
        closest(word, systems),
      ),
      ["kafka", "kibana", "elasticsearch", "jupyterhub", "trino", undefined, undefined],
    );
    assert.equal(closest("ka", systems), undefined);
    assert.equal(closest("nbg", ["ash", "nbg1", "hel1"]), "nbg1");
  });
});
