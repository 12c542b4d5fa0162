import assert from "node:assert/strict";
import { inspect } from "node:util";

import fc from "fast-check";

import { parseConfiguration } from "../../config/configuration.ts";
import { ConfigurationError } from "../../config/problems.ts";
import type { RawConfiguration } from "../../config/reading.ts";
import { nodeNames } from "../../config/sections/pools.ts";
import { fixtureNames, parseFixture, readFixture, refusal } from "./fixtures.ts";
import { systems } from "./systems-table.ts";

describe("the configuration of an existing cluster", () => {
  const configuration = parseFixture("local");

  it("is complete with nothing but its kind", () => {
    assert.deepEqual(configuration.cluster, {
      kind: "existing",
      name: "local",
      ingress: "traefik",
      nodes: { count: 3, cpu: "4", memory: "8Gi", disk: "40Gi", arch: "amd64" },
    });
    assert.equal(configuration.domain, "localhost");
    assert.deepEqual(configuration.acme, { issuer: "self-signed" });
    assert.deepEqual(configuration.dns, { provider: "none" });
    assert.deepEqual(configuration.charts, { source: "upstream" });
    assert.deepEqual(configuration.pools, []);
    assert.equal(configuration.protect, false);
  });

  it("has the preset's systems and those that were added, in the order of the catalogue", () => {
    const { systems: on, skipped } = configuration.platform;
    const names = ["namespaces", "ingress", "cert-manager", "portal", "local-path", "mosquitto"];
    assert.deepEqual(Object.keys(on), names);
    assert.deepEqual(skipped, []);
  });
});

describe("the configuration of a cluster on one cloud", () => {
  const configuration = parseFixture("dev5");

  it("has defaults that follow from the pools and the domain", () => {
    const { cluster, dns, pools, protect, network } = configuration;
    assert.equal(cluster.kind === "k3s" && cluster.network, "flannel");
    assert.equal(cluster.kind === "k3s" && cluster.version, "v1.36.4+k3s1");
    assert.deepEqual(dns, { provider: "hetzner", zone: "example.org", ttl: 120 });
    assert.deepEqual(
      pools.map(({ ingress }) => ingress),
      [false, true],
    );
    assert.deepEqual(pools.flatMap(nodeNames), ["master-1", "worker-1", "worker-2", "worker-3", "worker-4"]);
    assert.equal(protect, true);
    assert.equal(network.privateCidr, "10.20.0.0/16");
  });

  it("passes a system's options on, with the size of the platform unless the system has its own", () => {
    const { systems: on, skipped } = configuration.platform;
    assert.deepEqual(on.kafka, { storage: "20Gi", size: "large" });
    assert.deepEqual(on.jupyterhub, { storage: "10Gi", size: "medium" });
    assert.equal(on.mosquitto, undefined);
    assert.deepEqual(skipped, ["airflow"]);
  });

  it("keeps secrets from every way of printing them", () => {
    const { s3 } = configuration.backup;
    assert.ok(s3);
    assert.equal(s3.secretKey.reveal(), "hunter2");
    assert.doesNotMatch(`${JSON.stringify(s3)} ${inspect(s3)} ${String(s3.secretKey)}`, /hunter2/);
  });

  it("gives people the role of a developer by default", () => {
    assert.deepEqual(configuration.access.users, [
      { name: "ada", role: "admin" },
      { name: "grace", role: "developer" },
    ]);
  });
});

describe("the configuration of a hybrid cluster", () => {
  const configuration = parseFixture("hc1");

  it("names on-premises nodes after their machines", () => {
    assert.deepEqual(configuration.pools.flatMap(nodeNames), [
      "master-1",
      "nbg1-1",
      "nbg1-2",
      "nbg1-3",
      "lab-gpu",
      "lab-d1",
      "lab-d2",
      "lab-d3",
    ]);
  });

  it("knows where the machines of a site come from", () => {
    const addresses = configuration.pools.map((pool) =>
      pool.cloud === "on-prem" ? pool.publicAddress : "the cloud's",
    );
    assert.deepEqual(addresses, ["the cloud's", "the cloud's", "198.51.100.7", "198.51.100.7"]);
  });

  it("takes public traffic in on the pools that say so, and on no other", () => {
    assert.deepEqual(
      configuration.pools.map(({ ingress }) => ingress),
      [false, true, false, false],
    );
  });

  it("has the systems that follow from its shape, or skips them while they are planned", () => {
    assert.ok(configuration.platform.systems.kilo);
    assert.deepEqual(configuration.platform.skipped, ["nvidia"]);
  });
});

describe("what nobody said about pools", () => {
  const size = { cpu: 4, memory: "8Gi", disk: "40Gi" };
  const main = { name: "main", cloud: "hetzner", region: "nbg1", type: "cpx32", role: "control-plane" };
  const gateway = { name: "gateway", cloud: "on-prem", region: "lab", hosts: ["lab-1"], size };
  const parsed = (...pools: object[]) => {
    const raw = {
      domain: "example.org",
      acme: { email: "a@example.org" },
      access: { operatorCidrs: ["203.0.113.7/32"] },
      pools,
    };
    return parseConfiguration(raw, systems, { stack: "dev" });
  };
  const networkOf = (...pools: object[]) => {
    const { cluster } = parsed(...pools);
    return cluster.kind === "k3s" ? cluster.network : undefined;
  };

  it("the pod network is flannel in one cloud, WireGuard over several, kilo where nodes stand behind a gateway", () => {
    assert.equal(networkOf(main), "flannel");
    assert.equal(networkOf(main, gateway), "wireguard");
    const hidden = { ...gateway, name: "hidden", hosts: ["lab-2"], behind: "lab-1" };
    assert.equal(networkOf(main, gateway, hidden), "kilo");
  });

  it("public traffic enters on the workers, or without workers on the control planes", () => {
    assert.deepEqual(
      parsed(main, gateway).pools.map(({ ingress }) => ingress),
      [false, true],
    );
    assert.deepEqual(
      parsed(main).pools.map(({ ingress }) => ingress),
      [true],
    );
  });
});

describe("a configuration without a stack", () => {
  it("must name its cluster", () => {
    assert.throws(
      () => parseConfiguration({ cluster: { kind: "existing" } }, systems),
      /The configuration has 1 mistake.*\n\n {2}uap:cluster\.name\n/,
    );
    assert.equal(
      parseConfiguration({ cluster: { kind: "existing", name: "dev" } }, systems).cluster.name,
      "dev",
    );
  });
});

describe("any configuration", () => {
  const junk = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      -1,
      1e9,
      "",
      "hetzner",
      "10.0.0.0/8",
      [],
      {},
      [null],
      [[]],
      { kind: 1 },
      "__proto__",
    ),
    fc.jsonValue(),
  );

  it("is accepted or refused with reasons, and never makes the program fail", () => {
    const raws = fixtureNames("valid").map((name) => readFixture("valid", name).raw);
    fc.assert(
      fc.property(
        fc.constantFrom(...raws),
        fc.array(fc.tuple(fc.nat(), junk), { minLength: 1, maxLength: 4 }),
        (raw, edits) => {
          const broken = edits.reduce((current, [seed, value]) => replaced(current, seed, value), raw);
          const before = JSON.stringify(broken);
          try {
            parseConfiguration(broken, systems, { stack: "dev" });
          } catch (error) {
            if (!(error instanceof ConfigurationError)) throw error;
            assert.ok(error.problems.length > 0);
          }
          assert.equal(JSON.stringify(broken), before, "what the caller gave is left as it was");
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("never shows a value below a key that holds a secret", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("domain", "cluster", "dns", "access", "backup", "charts", "platform"),
        fc.nat(),
        (key, seed) => {
          const { raw } = readFixture("valid", "dev5");
          const broken = { ...raw, [key]: replaced(raw[key], seed, "hunter2 is the password") };
          const { message, problems } = refusalOrNothing(broken, key);
          assert.doesNotMatch(`${message} ${JSON.stringify(problems)}`, /hunter2/);
        },
      ),
    );
  });
});

function refusalOrNothing(
  raw: RawConfiguration,
  key: string,
): Pick<ConfigurationError, "message" | "problems"> {
  try {
    return refusal(raw, { stack: "dev", secretKeys: [key] });
  } catch {
    return { message: "", problems: [] };
  }
}

/** The same data with the value at one place, chosen by `seed`, replaced. */
function replaced<Data>(data: Data, seed: number, value: unknown): Data {
  const copy = { root: structuredClone(data) as unknown };
  const places: { holder: object; key: string }[] = [];
  const walk = (holder: object) => {
    for (const [key, inner] of Object.entries(holder)) {
      places.push({ holder, key });
      if (typeof inner === "object" && inner !== null) walk(inner as object);
    }
  };
  if (typeof copy.root === "object" && copy.root !== null) walk(copy.root);
  else places.push({ holder: copy, key: "root" });
  const place = places[seed % Math.max(1, places.length)];
  if (place)
    Object.defineProperty(place.holder, place.key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return copy.root as Data;
}
