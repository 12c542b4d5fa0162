import { systemOptions } from "../../config/systems.ts";
import { upgradeController } from "../../infra/bootstrap/upgrade-plans.ts";
import { built, type CatalogueRows } from "../catalogue-row.ts";
import { chartBudget } from "../charts/rendering.ts";
import { certManagerRendering } from "./cert-manager/rendering.ts";
import { cloudControllerOptions, needsOneCloud } from "./cloud-controller/options.ts";
import { cloudControllerResources } from "./cloud-controller/pods.ts";
import { ingressOptions } from "./ingress/options.ts";
import { kedaRendering } from "./keda/rendering.ts";
import { needsKiloNetwork } from "./kilo/options.ts";
import { kiloResources } from "./kilo/pods.ts";
import { nvidiaOptions } from "./nvidia/options.ts";
import { nvidiaRendering } from "./nvidia/rendering.ts";
import { openbaoOptions } from "./openbao/options.ts";
import { openbaoRendering } from "./openbao/rendering.ts";
import { sealedSecretsRendering } from "./sealed-secrets/rendering.ts";
import { needsOwnNodes } from "./system-upgrade-controller/options.ts";
import { controllerResources } from "./system-upgrade-controller/pods.ts";
import { needsBackupStore, veleroOptions } from "./velero/options.ts";
import { veleroBudget } from "./velero/rendering.ts";
import { istioOptions } from "./istio/options.ts";
import { istioBudget } from "./istio/rendering.ts";
import { traefikResources } from "./ingress/traefik-values.ts";
import { telemetryRows } from "./catalogue-telemetry.ts";

/** The systems of the cluster layer, in the order in which they are deployed. */
export const clusterRows = {
  namespaces: built({
    layer: "cluster",
    title: "Namespaces",
    purpose:
      "a locked-down namespace for each group of systems: quota, container defaults, and no traffic that is not declared",
    form: "native",
    licence: "Apache-2.0",
    needs: [],
    options: systemOptions({}),
    budget: () => ({ cpu: "0", memory: "0Ki" }),
  }),
  ingress: built({
    layer: "cluster",
    title: "Traefik",
    purpose:
      "routes outside requests to the systems' web pages (k3s' Traefik on the ingress nodes, or one that the program installs)",
    form: "native",
    licence: "MIT",
    needs: ["namespaces"],
    options: ingressOptions,
    budget: ({ size }) => ({ cpu: "0", memory: "0Ki", perNode: traefikResources(size).requests }),
  }),
  "cert-manager": built({
    layer: "cluster",
    title: "cert-manager",
    purpose:
      "issues and renews the hosts' certificates, from Let's Encrypt or the stack's own certificate authority",
    form: "chart",
    charts: ["cert-manager"],
    licence: "Apache-2.0",
    namespace: "cert-manager",
    needs: ["namespaces"],
    options: systemOptions({}),
    budget: ({ size }) => chartBudget("cert-manager", certManagerRendering(size)),
  }),
  ...telemetryRows,
  kilo: built({
    layer: "cluster",
    title: "Kilo",
    purpose: "WireGuard pod network across clouds and sites",
    form: "native",
    licence: "Apache-2.0",
    needs: ["namespaces"],
    requires: needsKiloNetwork,
    images: { kilo: "docker.io/squat/kilo:0.7.0" },
    options: systemOptions({}),
    budget: () => ({ cpu: "0", memory: "0Ki", perNode: kiloResources.requests }),
  }),
  "cloud-controller": built({
    layer: "cluster",
    title: "Cloud controller managers",
    purpose:
      "labels nodes with their cloud's addresses and zones; at Hetzner also load balancers, if switched on",
    form: "native",
    licence: "Apache-2.0",
    needs: ["namespaces"],
    requires: needsOneCloud,
    images: {
      hetzner: "docker.io/hetznercloud/hcloud-cloud-controller-manager:v1.35.0",
      digitalocean: "docker.io/digitalocean/digitalocean-cloud-controller-manager:v0.1.68",
      aws: "registry.k8s.io/provider-aws/cloud-controller-manager:v1.35.0",
    },
    options: cloudControllerOptions,
    budget: () => cloudControllerResources.requests,
  }),
  nvidia: built({
    layer: "cluster",
    title: "NVIDIA device plugin",
    purpose: "lets pods request the GPUs of the nodes that have them",
    form: "chart",
    charts: ["nvidia-device-plugin"],
    licence: "Apache-2.0",
    namespace: "nvidia-device-plugin",
    // The plugin speaks to its node's kubelet through a folder of the node.
    podSecurity: "privileged",
    needs: ["namespaces"],
    options: nvidiaOptions,
    budget: () => chartBudget("nvidia-device-plugin", nvidiaRendering),
  }),
  "sealed-secrets": built({
    layer: "cluster",
    title: "Sealed Secrets",
    purpose: "decrypts Secrets that are kept encrypted in Git, and that only this cluster can decrypt",
    form: "chart",
    charts: ["sealed-secrets"],
    licence: "Apache-2.0",
    namespace: "sealed-secrets",
    needs: ["namespaces"],
    options: systemOptions({}),
    budget: () => chartBudget("sealed-secrets", sealedSecretsRendering),
  }),
  openbao: built({
    layer: "cluster",
    title: "OpenBao",
    purpose: "stores secrets and hands them out by policy (a fork of Vault)",
    form: "chart",
    charts: ["openbao"],
    licence: "MPL-2.0",
    namespace: "openbao",
    claimsDefault: true,
    needs: ["namespaces"],
    images: { bao: "quay.io/openbao/openbao:2.6.2" },
    options: openbaoOptions,
    budget: ({ size, storage }) => chartBudget("openbao", openbaoRendering(size, storage)),
  }),
  istio: built({
    layer: "cluster",
    title: "Istio",
    purpose: "mutual TLS and traffic routing between the pods of chosen namespaces",
    form: "chart",
    charts: ["istio-base", "istiod"],
    licence: "Apache-2.0",
    namespace: "istio-system",
    // An agent puts the CNI plugin on the nodes, and no pod of the mesh needs a right for it.
    podSecurity: "privileged",
    service: "istio",
    needs: ["namespaces"],
    images: { cni: "registry.istio.io/release/install-cni:1.30.3" },
    options: istioOptions,
    budget: ({ gateway, size }) => istioBudget(size, gateway),
  }),
  "system-upgrade-controller": built({
    layer: "cluster",
    title: "system-upgrade-controller",
    purpose: "upgrades the nodes to the configured release of k3s, one at a time",
    form: "native",
    licence: "Apache-2.0",
    namespace: upgradeController.namespace,
    // An upgrade replaces a program of its node.
    podSecurity: "privileged",
    needs: ["namespaces"],
    requires: needsOwnNodes,
    images: {
      controller: "docker.io/rancher/system-upgrade-controller:v0.20.1",
      // The controller's own default.
      kubectl: "docker.io/rancher/kubectl:v1.30.3",
    },
    options: systemOptions({}),
    budget: () => controllerResources.requests,
  }),
  velero: built({
    layer: "cluster",
    title: "Velero",
    purpose: "backs up objects and volumes to S3 and restores them",
    form: "chart",
    charts: ["velero"],
    licence: "Apache-2.0",
    namespace: "velero",
    // The agent reads volumes in their nodes' folders.
    podSecurity: "privileged",
    needs: ["namespaces"],
    requires: needsBackupStore,
    images: { plugin: "docker.io/velero/velero-plugin-for-aws:v1.14.2" },
    options: veleroOptions,
    budget: ({ volumes }) => veleroBudget(volumes),
  }),
  keda: built({
    layer: "cluster",
    title: "KEDA",
    purpose: "scales workloads by events and queue length, down to zero",
    form: "chart",
    charts: ["keda"],
    licence: "Apache-2.0",
    namespace: "keda",
    needs: ["namespaces"],
    options: systemOptions({}),
    budget: ({ size }) => chartBudget("keda", kedaRendering(size)),
  }),
} as const satisfies CatalogueRows;
