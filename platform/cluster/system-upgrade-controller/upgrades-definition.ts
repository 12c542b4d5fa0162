import type { types } from "@pulumi/kubernetes";

type Schema = types.input.apiextensions.v1.JSONSchemaProps;

const text: Schema = { type: "string" };
const yesOrNo: Schema = { type: "boolean" };
const open: Schema = { type: "object", x_kubernetes_preserve_unknown_fields: true };
const container: Schema = {
  ...open,
  required: ["image"],
  properties: { image: text, args: { type: "array", items: text }, command: { type: "array", items: text } },
};

/** The fields of a Plan that the platform writes; other ones are kept as they are. */
const planSchema: Schema = {
  type: "object",
  properties: {
    apiVersion: text,
    kind: text,
    metadata: { type: "object" },
    spec: {
      ...open,
      required: ["upgrade"],
      properties: {
        concurrency: { type: "integer", format: "int64" },
        version: text,
        channel: text,
        nodeSelector: open,
        tolerations: { type: "array", items: open },
        serviceAccountName: text,
        cordon: yesOrNo,
        drain: {
          ...open,
          properties: {
            force: yesOrNo,
            ignoreDaemonSets: yesOrNo,
            deleteEmptydirData: yesOrNo,
            timeout: { x_kubernetes_int_or_string: true },
          },
        },
        prepare: container,
        upgrade: container,
      },
    },
    status: open,
  },
};

/** The definition of the system-upgrade-controller: `plans.upgrade.cattle.io`. */
export const planDefinition: types.input.apiextensions.v1.CustomResourceDefinitionSpec = {
  group: "upgrade.cattle.io",
  scope: "Namespaced",
  names: { kind: "Plan", listKind: "PlanList", plural: "plans", singular: "plan" },
  versions: [
    {
      name: "v1",
      served: true,
      storage: true,
      subresources: { status: {} },
      additionalPrinterColumns: [
        { name: "Version", type: "string", jsonPath: ".spec.version" },
        {
          name: "Complete",
          type: "string",
          jsonPath: ".status.conditions[?(@.type=='Complete')].status",
        },
      ],
      schema: { openAPIV3Schema: planSchema },
    },
  ],
};
