import assert from "node:assert/strict";
import { ingressOptions } from "../../../platform/cluster/ingress/options.ts";
import { installedTraefikValues, traefikValues } from "../../../platform/cluster/ingress/traefik-values.ts";
import { assertChartValues, refusedValues, valueAt } from "../charts/chart-values.ts";
import { needsFacts } from "../charts/facts.ts";

const options = { ...ingressOptions.parse({}), size: "small" } as const;
const host = "ingress.dev1.example.org";

describe("Traefik's values", () => {
  it("put it on the web's ports of the nodes that are for ingress", () => {
    const { deployment, nodeSelector, ports, service } = traefikValues({ options, host }) as {
      deployment: unknown;
      nodeSelector: unknown;
      ports: Record<string, { hostPort: number; http?: unknown }>;
      service: unknown;
    };
    assert.deepEqual(deployment, { kind: "DaemonSet" });
    assert.deepEqual(nodeSelector, { "uap.dev/ingress": "true" });
    assert.deepEqual(
      Object.entries(ports).map(([name, { hostPort }]) => [name, hostPort]),
      [
        ["web", 80],
        ["websecure", 443],
      ],
    );
    // A load balancer of k3s would want the same ports.
    assert.deepEqual(service, { spec: { type: "ClusterIP" } });
  });

  it("tell Ingresses of both classes where they are reached: without load balancer nobody else does", () => {
    const { additionalArguments, providers } = traefikValues({ options, host });
    assert.deepEqual(providers, {
      kubernetesIngress: { publishedService: { enabled: false }, ingressEndpoint: { hostname: host } },
    });
    const ofNginx = (additionalArguments as string[]).filter((one) => one.includes("nginx"));
    assert.deepEqual(ofNginx, [
      "--providers.kubernetesingressnginx=true",
      `--providers.kubernetesingressnginx.publishstatusaddress=${host}`,
    ]);
  });

  it("name nothing that k3s' releases with another version of the chart refuse", () => {
    const { ports, providers } = traefikValues({ options, host });
    // Chart 39 and chart 40 both know these; what they call ingress-nginx differs.
    assert.deepEqual(Object.keys(providers as object), ["kubernetesIngress"]);
    for (const port of Object.values(ports as Record<string, object>))
      assert.deepEqual(
        Object.keys(port).filter((key) => !["hostPort", "forwardedHeaders", "http"].includes(key)),
        [],
      );
  });

  it("give an upload ten minutes", () => {
    for (const { additionalArguments } of [
      traefikValues({ options, host }),
      installedTraefikValues({ options }),
    ])
      assert.ok(
        (additionalArguments as string[]).includes(
          "--entrypoints.websecure.transport.respondingtimeouts.readtimeout=600s",
        ),
      );
  });

  it("believe proxies that are named, and no others", () => {
    const trusted = (trustedProxies: readonly `${string}/${number}`[]) =>
      (
        traefikValues({ options: { ...options, trustedProxies: [...trustedProxies] }, host }).ports as {
          websecure: { forwardedHeaders: unknown };
        }
      ).websecure.forwardedHeaders;
    assert.deepEqual(trusted([]), { trustedIPs: [] });
    assert.deepEqual(trusted(["198.51.100.0/24"]), { trustedIPs: ["198.51.100.0/24"] });
  });

  it("log requests unless told otherwise", () => {
    const flags = (accessLog: boolean) =>
      (traefikValues({ options: { ...options, accessLog }, host }).additionalArguments as string[]).filter(
        (one) => one.startsWith("--accesslog"),
      );
    assert.deepEqual(flags(true), ["--accesslog=true", "--accesslog.format=json"]);
    assert.deepEqual(flags(false), []);
  });

  it("pass the chart's schema", function () {
    const folder = needsFacts(this);
    for (const size of ["small", "medium", "large"] as const)
      assert.deepEqual(
        refusedValues(folder, "traefik", traefikValues({ options: { ...options, size }, host })),
        [],
      );
  });
});

describe("the values of a Traefik that the program installs", () => {
  it("are those of k3s' own but for where it stands: behind a load balancer, on no node's ports", () => {
    const installed = installedTraefikValues({ options });
    const packaged = traefikValues({ options, host });
    for (const path of ["resources", "global", "ports.web.http"])
      assert.deepEqual(valueAt(installed, path), valueAt(packaged, path), path);
    for (const path of ["ports.web.hostPort", "nodeSelector", "service", "deployment.kind"])
      assert.equal(valueAt(installed, path), undefined, path);
    assert.equal(valueAt(installed, "providers.kubernetesIngressNGINX.publishService.enabled"), true);
  });

  it("have its pods leave one at a time where there are several", () => {
    const budget = (size: "small" | "large") =>
      installedTraefikValues({ options: { ...options, size } }).podDisruptionBudget;
    assert.equal(budget("small"), undefined);
    assert.deepEqual(budget("large"), { enabled: true, maxUnavailable: 1 });
  });

  it("are known to the chart", function () {
    const folder = needsFacts(this);
    for (const size of ["small", "medium", "large"] as const)
      assertChartValues(folder, "traefik", installedTraefikValues({ options: { ...options, size } }));
  });
});
