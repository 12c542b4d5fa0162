import assert from "node:assert/strict";
import fc from "fast-check";
import {
  mayConnect,
  openingsOf,
  selects,
  type Machine,
  type NetworkPolicy,
  type Pod,
  type PolicyPeer,
  type PolicyPort,
} from "../support/network-policies.ts";

const web = pod("web", { app: "web" }, "10.42.0.1");
const api = pod("api", { app: "api", tier: "back" }, "10.42.0.2");
const elsewhere: Machine = { kind: "machine", address: "203.0.113.7" };
const namespaces = {
  web: { "kubernetes.io/metadata.name": "web", team: "a" },
  api: { "kubernetes.io/metadata.name": "api", team: "b" },
};

function pod(namespace: string, labels: Pod["labels"], address: string): Pod {
  return { kind: "pod", namespace, labels, address, ports: { http: 8080 } };
}

/** A policy of the pods in `api` that lets something in. */
function into(rule: { readonly from?: PolicyPeer[]; readonly ports?: PolicyPort[] }): NetworkPolicy {
  return { name: "in", namespace: "api", podSelector: {}, policyTypes: ["Ingress"], ingress: [rule] };
}

/** Whether `web` may call `api`, on port 8080 unless told otherwise. */
function reaches(policies: readonly NetworkPolicy[], port = 8080, protocol: "TCP" | "UDP" = "TCP"): boolean {
  return mayConnect({ namespaces, policies }, web, api, { port, protocol });
}

const deny = (namespace: string): NetworkPolicy => ({
  name: "deny",
  namespace,
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
});
const out: NetworkPolicy = {
  name: "out",
  namespace: "web",
  policyTypes: ["Egress"],
  egress: [{ to: [{ namespaceSelector: {} }] }],
};

describe("network policies, by Kubernetes' rules", () => {
  it("are open where there is none, and closed by one without rules, on either side", () => {
    assert.ok(reaches([]));
    assert.ok(!reaches([deny("api")]));
    assert.ok(!reaches([deny("web")]));
    assert.ok(reaches([deny("other")]));
  });

  it("need both sides, and add up", () => {
    assert.ok(!reaches([deny("web"), deny("api"), into({})]));
    assert.ok(!reaches([deny("web"), deny("api"), out]));
    assert.ok(reaches([deny("web"), deny("api"), out, into({})]));
  });

  it("without types close what comes in, and what goes out only if they have rules of it", () => {
    assert.ok(reaches([{ name: "in", namespace: "web", podSelector: {} }]));
    assert.ok(!reaches([{ name: "in", namespace: "api", podSelector: {} }]));
    const egress = [{ ports: [{ port: 1 }] }];
    assert.ok(!reaches([{ name: "out", namespace: "web", podSelector: {}, egress }]));
    assert.ok(reaches([{ name: "out", namespace: "web", podSelector: {}, egress: [] }]));
    assert.ok(
      reaches([{ name: "out", namespace: "web", podSelector: {}, policyTypes: ["Ingress"], egress }]),
    );
  });

  it("are for the pods that they select, in their own namespace", () => {
    const podSelector = { matchLabels: { app: "web" } };
    assert.ok(reaches([{ ...deny("api"), podSelector }]));
    assert.ok(!reaches([{ ...deny("web"), podSelector }]));
  });

  it("take pods of their own namespace where a peer names none, and both conditions where it names two", () => {
    const podSelector = { matchLabels: { app: "web" } };
    const teams = (team: string) => ({ namespaceSelector: { matchLabels: { team } } });
    assert.ok(!reaches([into({ from: [{ podSelector }] })]));
    assert.ok(reaches([into({ from: [{ ...teams("a"), podSelector }] })]));
    assert.ok(!reaches([into({ from: [{ ...teams("b"), podSelector }] })]));
    assert.ok(!reaches([into({ from: [{ ...teams("a"), podSelector: { matchLabels: { app: "x" } } }] })]));
    assert.ok(reaches([into({ from: [teams("a")] })]));
    assert.ok(reaches([into({ from: [teams("b"), teams("a")] })]), "one of two peers is enough");
  });

  it("take blocks of addresses for pods and machines alike, but for their exceptions", () => {
    const block = (cidr: string, except: string[] = []) => into({ from: [{ ipBlock: { cidr, except } }] });
    assert.ok(reaches([block("0.0.0.0/0")]));
    assert.ok(!reaches([block("0.0.0.0/0", ["10.42.0.0/16"])]));
    assert.ok(!reaches([block("192.0.2.0/24")]));
    assert.ok(!reaches([block("::/0")]), "of the other family");
    const policies = [block("203.0.113.0/24")];
    assert.ok(mayConnect({ namespaces, policies }, elsewhere, api, { port: 1, protocol: "TCP" }));
    const selector = [into({ from: [{ namespaceSelector: {} }] })];
    assert.ok(!mayConnect({ namespaces, policies: selector }, elsewhere, api, { port: 1, protocol: "TCP" }));
  });

  it("guard no machine: only its caller's side counts", () => {
    const call = (policies: NetworkPolicy[]) =>
      mayConnect({ namespaces, policies }, web, elsewhere, { port: 443, protocol: "TCP" });
    assert.ok(call([deny("api")]));
    assert.ok(!call([deny("web")]));
    assert.ok(!call([deny("web"), out]), "a machine is in no namespace");
  });

  it("take TCP unless told otherwise, numbers, names of the called pod's ports, and ranges", () => {
    const on = (...ports: PolicyPort[]) => [into({ ports })];
    assert.ok(reaches(on({ port: 8080 })));
    assert.ok(!reaches(on({ port: 8080 }), 8080, "UDP"));
    assert.ok(reaches(on({ port: 8080, protocol: "UDP" }), 8080, "UDP"));
    assert.ok(reaches(on({ protocol: "TCP" }), 1));
    assert.ok(reaches(on({ port: "http" })));
    assert.ok(!reaches(on({ port: "http" }), 8081));
    assert.ok(!reaches(on({ port: "https" })));
    assert.ok(reaches(on({ port: 8000, endPort: 8080 })));
    assert.ok(!reaches(on({ port: 8000, endPort: 8079 })));
    assert.ok(reaches(on({ port: 1 }, { port: 8080 })), "one of two ports is enough");
  });

  it("take a rule that says nothing for everybody and everything", () => {
    assert.ok(reaches([into({})], 1, "UDP"));
    assert.ok(reaches([into({ from: [], ports: [] })], 1, "UDP"));
    assert.deepEqual(openingsOf({ ...deny("api"), ingress: [] }), []);
  });

  it("select by expressions", () => {
    const one = (operator: "In" | "NotIn" | "Exists" | "DoesNotExist", key: string, ...values: string[]) =>
      selects({ matchExpressions: [{ key, operator, values }] }, api.labels);
    assert.ok(one("In", "app", "web", "api") && !one("In", "app", "web") && !one("In", "none", "web"));
    assert.ok(one("NotIn", "app", "web") && !one("NotIn", "app", "api") && one("NotIn", "none", "api"));
    assert.ok(one("Exists", "tier") && !one("Exists", "none"));
    assert.ok(one("DoesNotExist", "none") && !one("DoesNotExist", "tier"));
  });
});

const selectors = fc.constantFrom({}, { matchLabels: { app: "web" } }, { matchLabels: { app: "api" } });
const peers: fc.Arbitrary<PolicyPeer> = fc.oneof(
  selectors.map((podSelector) => ({ podSelector })),
  selectors.map((podSelector) => ({ podSelector, namespaceSelector: {} })),
  fc.constantFrom("0.0.0.0/0", "10.42.0.0/16", "192.0.2.0/24").map((cidr) => ({ ipBlock: { cidr } })),
);
const ports = fc.constantFrom<PolicyPort>(
  { port: 80 },
  { port: 8080 },
  { port: "http" },
  { port: 1, endPort: 99 },
);
const rules = fc.record({
  peers: fc.array(peers, { maxLength: 2 }),
  ports: fc.array(ports, { maxLength: 2 }),
});
const drawn: fc.Arbitrary<NetworkPolicy> = fc.record({
  name: fc.constant("drawn"),
  namespace: fc.constantFrom("web", "api"),
  podSelector: selectors,
  policyTypes: fc.constantFrom<NonNullable<NetworkPolicy["policyTypes"]>>(
    ["Ingress"],
    ["Egress"],
    ["Ingress", "Egress"],
  ),
  ingress: fc.array(
    rules.map(({ peers: from, ports: own }) => ({ from, ports: own })),
    { maxLength: 2 },
  ),
  egress: fc.array(
    rules.map(({ peers: to, ports: own }) => ({ to, ports: own })),
    { maxLength: 2 },
  ),
});
const targets = fc.constantFrom(80, 8080, 443);

describe("network policies, whatever they are", () => {
  it("may come in any order", () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 4 }), targets, (policies, port) => {
        assert.equal(reaches(policies, port), reaches(policies.toReversed(), port));
      }),
    );
  });

  it("never let through more by one that has no rules", () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 4 }), targets, (policies, port) => {
        const closed = [...policies, deny("web"), deny("api")];
        assert.ok(!reaches(closed, port) || reaches(policies, port));
      }),
    );
  });

  it("never let through less by one more, once everything is denied", () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 4 }), drawn, targets, (policies, more, port) => {
        const closed = [...policies, deny("web"), deny("api")];
        assert.ok(!reaches(closed, port) || reaches([...closed, more], port));
      }),
    );
  });

  it("are the sum of their openings", () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 3 }), targets, (policies, port) => {
        const closed = [deny("web"), deny("api")];
        const single = policies.flatMap(openingsOf).map(({ direction, peer, policy, port: own }) => {
          const rule = { ...(own && { ports: [own] }) };
          return direction === "Ingress"
            ? {
                ...policy,
                policyTypes: [direction],
                egress: [],
                ingress: [{ ...rule, ...(peer && { from: [peer] }) }],
              }
            : {
                ...policy,
                policyTypes: [direction],
                ingress: [],
                egress: [{ ...rule, ...(peer && { to: [peer] }) }],
              };
        });
        assert.equal(reaches([...closed, ...policies], port), reaches([...closed, ...single], port));
      }),
    );
  });
});
