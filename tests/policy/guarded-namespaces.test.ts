import assert from "node:assert/strict";
import { guardedNamespaces } from "../../policy/guarded-namespaces.ts";
import type { Resource } from "../../policy/resource.ts";
import type { Values } from "../../policy/values.ts";
import { breaches, deployment, notYetKnown, object, problems } from "./resources.ts";

const namespace = object("Namespace", "data", { metadata: { name: "data" } });
const quota = object("ResourceQuota", "quota", { spec: { hard: { "limits.memory": "8Gi" } } });
const limits = object("LimitRange", "limits", {
  spec: { limits: [{ type: "Container", default: { cpu: 1 } }] },
});
const deny = policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
const guarded = [namespace, quota, limits, deny];

function policy(spec: Values, name = "deny"): Resource {
  return object("NetworkPolicy", name, { spec });
}

function without(...removed: readonly Resource[]): Resource[] {
  return guarded.filter((resource) => !removed.includes(resource));
}

describe("policy guarded-namespaces", () => {
  it("passes a namespace with a quota, a limit range and a default-deny policy", () => {
    assert.deepEqual(breaches(guardedNamespaces, guarded), []);
  });

  it("fails a bare namespace, on the namespace, with everything that is missing", () => {
    assert.deepEqual(breaches(guardedNamespaces, [namespace]), [
      {
        resource: "data",
        path: "metadata.name",
        problem:
          "the namespace has no ResourceQuota, LimitRange for containers, default-deny NetworkPolicy for ingress and default-deny NetworkPolicy for egress",
        fix: "make the namespace with the kit, which adds its guards, or add them beside it",
      },
    ]);
  });

  const incomplete: readonly (readonly [string, readonly Resource[], string])[] = [
    ["no quota", without(quota), "ResourceQuota"],
    [
      "an empty quota",
      [...without(quota), object("ResourceQuota", "quota", { spec: { hard: {} } })],
      "ResourceQuota",
    ],
    ["no limit range", without(limits), "LimitRange for containers"],
    [
      "a limit range for volumes only",
      [
        ...without(limits),
        object("LimitRange", "l", { spec: { limits: [{ type: "PersistentVolumeClaim" }] } }),
      ],
      "LimitRange for containers",
    ],
    [
      "a policy for ingress only",
      [...without(deny), policy({ podSelector: {}, policyTypes: ["Ingress"] })],
      "default-deny NetworkPolicy for egress",
    ],
    [
      "a policy without types and egress rules",
      [...without(deny), policy({ podSelector: {} })],
      "default-deny NetworkPolicy for egress",
    ],
    [
      "a policy that opens every egress",
      [...without(deny), policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"], egress: [{}] })],
      "default-deny NetworkPolicy for egress",
    ],
    [
      "a policy for some pods",
      [
        ...without(deny),
        policy({ podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Ingress", "Egress"] }),
      ],
      "default-deny NetworkPolicy for ingress and default-deny NetworkPolicy for egress",
    ],
    [
      "guards in another namespace",
      [
        ...without(quota),
        object("ResourceQuota", "q", { ...quota.properties, metadata: { namespace: "ml" } }),
      ],
      "ResourceQuota",
    ],
  ];
  for (const [title, resources, missing] of incomplete) {
    it(`fails a namespace with ${title}`, () => {
      assert.deepEqual(problems(guardedNamespaces, resources), [`the namespace has no ${missing}`]);
    });
  }

  it("accepts one policy a direction, and one that opens an edge of its own", () => {
    const ingress = policy({ podSelector: {}, policyTypes: ["Ingress"] }, "ingress");
    const dns = policy(
      { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: 53 }] }] },
      "egress",
    );
    assert.deepEqual(problems(guardedNamespaces, [...without(deny), ingress, dns]), []);
  });

  it("fails a workload in the namespace default, stated, by its provider or by omission", () => {
    const homeless = { metadata: { name: "web" } };
    const found = breaches(guardedNamespaces, [
      deployment({}, { properties: { metadata: { namespace: "default" } } }),
      deployment({}, { properties: homeless }),
      deployment({}, { properties: homeless, provider: { namespace: "data" } }),
      object("ConfigMap", "settings", { metadata: { namespace: "default" } }),
    ]);
    const expected = {
      resource: "web",
      path: "metadata.namespace",
      problem: "the workload lives in the namespace `default`",
      fix: "give it the namespace of its system",
    };
    assert.deepEqual(found, [expected, expected]);
  });

  it("exempts the namespaces of Kubernetes itself, and those of the settings instead", () => {
    const system = object("Namespace", "system", { metadata: { name: "kube-system" } });
    const homeless = deployment({}, { properties: {} });
    assert.deepEqual(problems(guardedNamespaces, [system]), []);
    assert.deepEqual(problems(guardedNamespaces, [namespace, homeless], { exempt: ["data", "default"] }), []);
    assert.equal(problems(guardedNamespaces, [system], { exempt: [] }).length, 1);
  });

  describe("in the preview of a cluster that does not exist yet", () => {
    const unnamed = (name: string): Resource => object("Namespace", name, { metadata: {} });
    const guard = (of: Resource, from: readonly Resource[]): Resource => ({
      ...of,
      properties: { ...of.properties, metadata: { namespace: notYetKnown } },
      propertyDependencies: { metadata: from.map(({ urn }) => urn) },
    });
    const guardsFrom = (...from: readonly Resource[]): Resource[] =>
      [quota, limits, deny].map((each) => guard(each, from));

    it("counts guards that take their namespace from the namespace", () => {
      const data = unnamed("data");
      assert.deepEqual(problems(guardedNamespaces, [data, ...guardsFrom(data)]), []);
    });

    it("does not count guards that take their namespace from another one", () => {
      const [data, ml] = [unnamed("data"), unnamed("ml")];
      const found = breaches(guardedNamespaces, [data, ml, ...guardsFrom(data)]);
      assert.deepEqual(
        found.map(({ resource }) => resource),
        ["ml"],
      );
    });

    it("gives the benefit of the doubt to guards that take it from elsewhere", () => {
      assert.deepEqual(problems(guardedNamespaces, [unnamed("data"), ...guardsFrom()]), []);
    });

    it("still sees a namespace without any guards", () => {
      assert.equal(problems(guardedNamespaces, [unnamed("data")]).length, 1);
    });

    it("believes in guards whose content is unknown", () => {
      const unknown = [quota, limits, deny].map((each) => ({
        ...each,
        properties: { metadata: { namespace: "data" }, spec: notYetKnown },
      }));
      assert.deepEqual(problems(guardedNamespaces, [namespace, ...unknown]), []);
    });

    it("does not take an unknown namespace for default", () => {
      assert.deepEqual(
        problems(guardedNamespaces, [
          deployment({}, { properties: { metadata: { namespace: notYetKnown } } }),
        ]),
        [],
      );
    });
  });
});
