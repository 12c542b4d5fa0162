import assert from "node:assert/strict";
import { parse } from "yaml";
import { letsEncrypt, ownIssuer } from "../../../platform/cluster/cert-manager/issuers.ts";
import { certManagerValues } from "../../../platform/cluster/cert-manager/cert-manager.ts";
import { parseConfiguration } from "../../../config/index.ts";
import { catalogue } from "../../../platform/catalogue.ts";
import { chartsOf } from "../../../platform/charts/chart-check.ts";
import { runProgram, type MockResource } from "../../support/mock-engine.ts";

/** A k3s cluster of two servers. */
const k3s = {
  "uap:domain": "example.org",
  "uap:pools": [
    { name: "master", cloud: "digitalocean", region: "sfo2", type: "s-2vcpu-4gb", role: "control-plane" },
    { name: "worker", cloud: "digitalocean", region: "sfo2", type: "s-2vcpu-4gb", ingress: true },
  ],
  "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
};

interface Manifest {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

function manifests({ resources }: { readonly resources: readonly MockResource[] }, type: RegExp): Manifest[] {
  return resources
    .filter((each) => each.type.startsWith("kubernetes:") && type.test(each.type))
    .map(({ inputs }) => inputs as unknown as Manifest);
}

describe("issuers", () => {
  it("ask the directory of Let's Encrypt that is configured, and answer through the ingress class", () => {
    const { name, spec } = letsEncrypt({ issuer: "staging", email: "ops@example.org" }, "traefik");
    assert.equal(name, "letsencrypt-staging");
    assert.deepEqual(spec, {
      acme: {
        server: "https://acme-staging-v02.api.letsencrypt.org/directory",
        email: "ops@example.org",
        privateKeySecretRef: { name: "letsencrypt-staging-account" },
        solvers: [{ http01: { ingress: { ingressClassName: "traefik", serviceType: "ClusterIP" } } }],
      },
    });
  });

  it("wait for cert-manager's pods, not for a hook, and several pods go one at a time", () => {
    const values = certManagerValues("large", ownIssuer.name);
    assert.deepEqual(values.startupapicheck, { enabled: false });
    assert.deepEqual(values.podDisruptionBudget, { enabled: true, maxUnavailable: 1 });
    assert.equal(certManagerValues("small", ownIssuer.name).podDisruptionBudget, undefined);
  });
});

describe("a public page", () => {
  const issuerAnnotation = "cert-manager.io/cluster-issuer";

  it("gets its certificate from Let's Encrypt on a stack with a public domain", async () => {
    const run = await runProgram("dev1", { ...k3s, "uap:acme": { email: "ops@example.org" } });
    const issuers = manifests(run, /:ClusterIssuer$/).map(({ metadata }) => metadata.name);
    assert.deepEqual(issuers.sort(), ["letsencrypt-production", "own-authority"]);
    const [page] = manifests(run, /:Ingress$/);
    assert.equal(page?.metadata.annotations?.[issuerAnnotation], "letsencrypt-production");
    assert.deepEqual(page.spec.tls, [{ hosts: ["portal.dev1.example.org"], secretName: "portal-tls" }]);
    const names = manifests(run, /:NetworkPolicy$/).map(({ metadata }) => metadata.name);
    assert.ok(names.includes("portal-acme"), names.join(", "));
    const secrets = manifests(run, /:Secret$/).map(({ metadata }) => metadata.name);
    assert.ok(!secrets.includes("portal-tls"), "cert-manager makes the Secret, the program does not");
  });

  it("gets it in the name of the stack's own authority on a stack without", async () => {
    const run = await runProgram("local", { "uap:cluster": { kind: "existing" } });
    assert.deepEqual(
      manifests(run, /:ClusterIssuer$/).map(({ metadata, spec }) => [metadata.name, spec]),
      [["own-authority", { ca: { secretName: "own-authority" } }]],
    );
    assert.equal(manifests(run, /:Ingress$/)[0]?.metadata.annotations?.[issuerAnnotation], "own-authority");
    const names = manifests(run, /:NetworkPolicy$/).map(({ metadata }) => metadata.name);
    assert.ok(!names.includes("portal-acme"), names.join(", "));
  });

  it("gets it from the authority itself without cert-manager", async () => {
    const run = await runProgram("local", {
      "uap:cluster": { kind: "existing" },
      "uap:platform": { systems: { "cert-manager": false } },
    });
    assert.deepEqual(manifests(run, /:ClusterIssuer$/), []);
    const [page] = manifests(run, /:Ingress$/);
    assert.ok(page);
    assert.ok(!(issuerAnnotation in (page.metadata.annotations ?? {})));
    assert.ok(manifests(run, /:Secret$/).some(({ metadata }) => metadata.name === "portal-tls"));
  });
});

describe("the system ingress", () => {
  it("tunes k3s' Traefik, and serves ingress-nginx's class", async () => {
    const run = await runProgram("dev1", { ...k3s, "uap:acme": { issuer: "self-signed" } });
    const [tuning] = manifests(run, /:HelmChartConfig$/);
    const values = parse(tuning?.spec.valuesContent as string) as { providers: unknown };
    assert.match(JSON.stringify(values.providers), /ingress\.dev1\.example\.org/);
    const classes = manifests(run, /:IngressClass$/);
    assert.deepEqual(
      classes.map(({ metadata, spec }) => [metadata.name, spec]),
      [["nginx", { controller: "k8s.io/ingress-nginx" }]],
    );
  });

  it("is measured where monitoring is on, and stays open to the world then", async () => {
    const run = await runProgram("dev1", {
      ...k3s,
      "uap:pools": k3s["uap:pools"].map((pool) => ({ ...pool, type: "s-8vcpu-16gb" })),
      "uap:acme": { issuer: "self-signed" },
      "uap:platform": { systems: { monitoring: true } },
    });
    const watched = manifests(run, /:PodMonitor$/).map(({ metadata }) => metadata.name);
    assert.ok(watched.includes("traefik") && watched.includes("cert-manager"), watched.join(", "));
    const open = manifests(run, /:NetworkPolicy$/).find(({ metadata }) => metadata.name === "traefik");
    assert.deepEqual(
      (open?.spec.ingress as { from: unknown[]; ports: { port: number }[] }[]).map(({ from, ports }) => [
        from,
        ports.map(({ port }) => port),
      ]),
      [8000, 8443].map((port) => [[{ ipBlock: { cidr: "0.0.0.0/0" } }], [port]]),
    );
  });

  it("leaves alone the Traefik of a cluster that runs already", async () => {
    const run = await runProgram("local", { "uap:cluster": { kind: "existing" } });
    assert.deepEqual(manifests(run, /:(HelmChartConfig|IngressClass)$/), []);
    assert.equal(manifests(run, /:Ingress$/).length, 1);
  });

  it("installs one where the cluster has none, with its classes and the ways in and out", async () => {
    const run = await runProgram("local", { "uap:cluster": { kind: "existing", ingress: "install" } });
    const [chart, ...others] = run.resources.filter(
      ({ name, type }) => type === "kubernetes:helm.sh/v4:Chart" && name === "traefik",
    );
    assert.deepEqual(others, []);
    assert.equal(chart?.inputs.namespace, "traefik");
    assert.equal(chart.inputs.skipCrds, false);
    const classes = manifests(run, /:IngressClass$/).map(({ metadata }) => metadata.name);
    assert.deepEqual(classes.sort(), ["nginx", "traefik"]);
    const policies = manifests(run, /:NetworkPolicy$/);
    const named = (name: string) => policies.find(({ metadata }) => metadata.name === name)?.spec;
    assert.deepEqual(named("traefik-to-pods")?.egress, [{ to: [{ namespaceSelector: {} }] }]);
    assert.match(JSON.stringify(named("portal")?.ingress), /"kubernetes.io\/metadata.name":"traefik"/);
    const login = run.resources.find(({ type }) => type.endsWith(":Middleware"));
    assert.ok(login?.dependencies.some((urn) => urn.endsWith("kubernetes:helm.sh/v4:Chart::traefik")));
  });

  it("wants the chart of the one that it installs in the mirror, and of no other", () => {
    const charts = (ingress: string) =>
      chartsOf(parseConfiguration({ cluster: { kind: "existing", name: "dev", ingress } }, catalogue));
    assert.ok(charts("install").includes("traefik"));
    for (const ingress of ["traefik", "none"]) assert.ok(!charts(ingress).includes("traefik"), ingress);
  });

  it("publishes nothing when it is off", async () => {
    const run = await runProgram("local", {
      "uap:cluster": { kind: "existing" },
      "uap:platform": { systems: { ingress: false } },
    });
    assert.deepEqual(manifests(run, /:Ingress$/), []);
    assert.deepEqual(run.outputs.urls, {});
  });
});
