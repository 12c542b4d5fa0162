/** Objects that tests create. */
import type { Properties } from "../../../../rehearsal/providers/protocol/provider.ts";

export function configMap(namespace: string, name: string, data: Properties, metadata: Properties = {}) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, ...metadata }, data };
}

/** @param pod changes of the pod's spec @param metadata further metadata of the deployment */
export function deployment(namespace: string, name: string, pod: Properties = {}, metadata: Properties = {}) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, ...metadata },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container()], ...pod } },
    },
  };
}

export function container(changes: Properties = {}) {
  return { name: "web", image: "registry.example.org/web:1.0", ...changes };
}

/** A custom resource definition of kind Tab in its own API group. */
export function tabDefinition(group: string) {
  const spec = {
    type: "object",
    properties: { size: { type: "integer" }, tags: { type: "array", items: { type: "string" } } },
  };
  const status = { type: "object", x_kubernetes_preserve_unknown_fields: true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `tabs.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Tab", plural: "tabs", singular: "tab" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec, status } } },
        },
      ],
    },
  };
}

export function tab(
  group: string,
  namespace: string,
  name: string,
  spec: Properties,
  metadata: Properties = {},
) {
  return { apiVersion: `${group}/v1`, kind: "Tab", metadata: { name, namespace, ...metadata }, spec };
}
