import assert from "node:assert/strict";
import { mentionsIn } from "../support/addresses.ts";
import { clusterModel } from "../support/cluster-model.ts";
import type { MockResource } from "../support/mock-engine.ts";
import { blocked, excess, idle, undefended, unneeded } from "../support/reachability.ts";
import { wiringOf } from "../support/wiring.ts";

type Fields = Readonly<Record<string, unknown>>;

function object(
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
  fields: Fields,
): MockResource {
  return {
    type: `kubernetes:${apiVersion}:${kind}`,
    name,
    inputs: { apiVersion, kind, metadata: { name, ...(kind !== "Namespace" && { namespace }) }, ...fields },
  };
}

/** A program and the Service in front of it. */
function program(namespace: string, name: string, container: Fields = {}): [MockResource, MockResource] {
  const labels = { app: name };
  const containers = [{ name, ports: [{ name: "http", containerPort: 8080 }], ...container }];
  const pods = { metadata: { labels }, spec: { automountServiceAccountToken: false, containers } };
  return [
    object("apps/v1", "Deployment", namespace, name, { spec: { template: pods } }),
    object("v1", "Service", namespace, name, {
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    }),
  ];
}

function policy(namespace: string, name: string, spec: Fields): MockResource {
  return object("networking.k8s.io/v1", "NetworkPolicy", namespace, name, { spec });
}

const closed = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const names = { namespaceSelector: {}, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } };
const dns = ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 }));

/** A namespace that resolves names and does nothing else. */
function namespace(name: string): MockResource[] {
  return [
    object("v1", "Namespace", name, name, {}),
    policy(name, "default-deny", closed),
    policy(name, "allow-dns", { ...closed, policyTypes: ["Egress"], egress: [{ to: [names], ports: dns }] }),
  ];
}

function open(home: string, direction: "in" | "out", other: string, port: number): MockResource {
  const peer = [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": other } } }];
  const ports = [{ protocol: "TCP", port }];
  const rules =
    direction === "in"
      ? { policyTypes: ["Ingress"], ingress: [{ from: peer, ports }] }
      : { policyTypes: ["Egress"], egress: [{ to: peer, ports }] };
  return policy(home, `${direction}-${other}-${port}`, { podSelector: {}, ...rules });
}

/** What is found in a cluster. */
function look(...resources: readonly MockResource[]) {
  const model = clusterModel(resources, []);
  const { edges, faults } = wiringOf(model);
  return {
    faults,
    blocked: blocked(model, edges),
    unneeded: unneeded(model, edges),
    excess: excess(model, edges),
    idle: idle(model),
    undefended: undefended(model),
  };
}

const nothing = { faults: [], blocked: [], unneeded: [], excess: [], idle: [], undefended: [] };
const shop = namespace("shop");
const store = [...namespace("store"), ...program("store", "store")];
const wayOut = open("shop", "out", "store", 8080);
const wayIn = open("store", "in", "shop", 8080);
const ways = [wayOut, wayIn];
const told = (text: string) => program("shop", "shop", { env: [{ name: "STORE", value: text }] });

describe("reachability", () => {
  it("finds nothing wrong where addresses and policies agree", () => {
    for (const address of [
      "http://store.store",
      "store.store:80",
      "store.store.svc.cluster.local",
      "store.store.svc:80",
    ])
      assert.deepEqual(look(...shop, ...store, ...told(address), ...ways), nothing, address);
  });

  it("finds the side that is closed", () => {
    const closedSides = (...open: MockResource[]) =>
      look(...shop, ...store, ...told("http://store.store"), ...open).blocked;
    const line = "shop/shop → store/store:8080";
    const reason = "(it is told of store.store:80)";
    assert.deepEqual(closedSides(), [`${line} is let neither out nor in ${reason}`]);
    assert.deepEqual(closedSides(wayOut), [`${line} is not let in ${reason}`]);
    assert.deepEqual(closedSides(wayIn), [`${line} is not let out ${reason}`]);
  });

  it("finds what is open and not used", () => {
    const { excess: more, unneeded: needless } = look(...shop, ...store, ...told("nothing"), ...ways);
    assert.deepEqual(more, ["shop/shop → store/store:8080"]);
    assert.equal(needless.length, 2);
    assert.match(
      needless.join("\n"),
      /^shop\/out-store-8080 Egress 8080.*\nstore\/in-shop-8080 Ingress 8080/,
    );
    const other = open("store", "in", "shop", 9090);
    assert.equal(look(...shop, ...store, ...told("http://store.store"), ...ways, other).unneeded.length, 1);
  });

  it("reads what is mounted, and Secrets too", () => {
    const encoded = Buffer.from("host = store.store:80").toString("base64");
    for (const own of [
      object("v1", "ConfigMap", "shop", "settings", { data: { file: "url: http://store.store\n" } }),
      object("v1", "Secret", "shop", "settings", { data: { file: encoded } }),
    ]) {
      const reader = program("shop", "shop", { envFrom: [{ name: "settings" }] });
      assert.equal(look(...shop, ...store, own, ...reader).blocked.length, 1);
    }
  });

  it("finds addresses that nobody answers to", () => {
    const faultsOf = (address: string) => look(...shop, ...store, ...told(address), ...ways).faults;
    assert.deepEqual(faultsOf("http://shelf.store.svc"), [
      "shop/shop: it is told of shelf.store.svc:80, where nobody is",
    ]);
    assert.deepEqual(faultsOf("http://store.store:81"), [
      "shop/shop: it is told of store.store:81, and store/store has no port 81",
    ]);
    const empty = object("v1", "Service", "store", "empty", {
      spec: { selector: { app: "none" }, ports: [{ port: 80 }] },
    });
    assert.deepEqual(look(...shop, ...store, empty, ...told("empty.store:80"), ...ways).faults, [
      "shop/shop: it is told of empty.store:80, and no pod is behind store/empty",
    ]);
  });

  it("asks of an alias only that its namespace is let in", () => {
    const alias = object("v1", "Service", "shop", "shelf", {
      spec: { type: "ExternalName", externalName: "store.store.svc.cluster.local" },
    });
    assert.deepEqual(look(...shop, ...store, alias, wayIn), nothing);
    assert.match(
      look(...shop, ...store, alias).blocked.join(),
      /^shop\/programs → store\/store:8080 is not let in/,
    );
  });

  it("leads visitors from the ingress controller, and finds Ingresses that lead nowhere", () => {
    const page = (service: string) =>
      object("networking.k8s.io/v1", "Ingress", "store", "page", {
        spec: {
          rules: [
            {
              host: "a.example.org",
              http: { paths: [{ backend: { service: { name: service, port: { name: "http" } } } }] },
            },
          ],
        },
      });
    assert.match(
      look(...store, page("store")).blocked.join(),
      /^kube-system\/traefik → store\/store:8080 is not let in/,
    );
    assert.deepEqual(look(...store, page("store"), open("store", "in", "kube-system", 8080)), nothing);
    assert.deepEqual(look(...store, page("none")).faults, [
      "kube-system/traefik: the Ingress of a.example.org leads to none, which is no Service of store",
    ]);
  });

  it("finds policies that are for nobody, and namespaces that deny nothing", () => {
    const stray = policy("store", "stray", { podSelector: { matchLabels: { app: "stroe" } } });
    assert.deepEqual(look(...store, stray).idle, ["store/stray"]);
    const half = policy("store", "default-deny", { podSelector: {}, policyTypes: ["Ingress"] });
    const without = store.filter(({ name }) => name !== "default-deny");
    assert.deepEqual(look(...without).undefended, ["store"]);
    assert.deepEqual(look(...without, half).undefended, ["store"]);
  });

  it("lets pods with a token ask the API server, and those that are told of it", () => {
    const [deployment, service] = program("shop", "shop");
    const spec = deployment.inputs.spec as { readonly template: { readonly spec: Fields } };
    const template = {
      ...spec.template,
      spec: { ...spec.template.spec, automountServiceAccountToken: true },
    };
    const asking = { ...deployment, inputs: { ...deployment.inputs, spec: { template } } };
    const both = look(...shop, asking, service).blocked;
    assert.deepEqual(
      both.map((line) => line.split(" is ")[0]),
      ["shop/shop → machines:443", "shop/shop → machines:6443"],
    );
    assert.equal(look(...shop, ...told("https://kubernetes.default.svc")).blocked.length, 2);
  });
});

describe("addresses in texts", () => {
  it("are found with their ports, by number or by scheme", () => {
    const found = (text: string) => mentionsIn(text).map(({ host, port }) => [host, port]);
    assert.deepEqual(found("https://store.shop/path"), [
      ["store.shop", 443],
      ["path", undefined],
    ]);
    assert.deepEqual(found("mqtt://user:secret@store:1884"), [["store", 1884]]);
    assert.deepEqual(found("Host store.shop\nPort 9200").slice(0, 2), [
      ["host", undefined],
      ["store.shop", undefined],
    ]);
  });

  it("are not the tags of images", () => {
    assert.ok(mentionsIn("docker.io/library/store:2.7.12-alpine").every(({ port }) => port === undefined));
  });
});
