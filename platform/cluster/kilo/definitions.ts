import type { types } from "@pulumi/kubernetes";

type Schema = types.input.apiextensions.v1.JSONSchemaProps;

const text: Schema = { type: "string" };
const whole: Schema = { type: "integer" };

/** A machine outside of the cluster that may join the mesh, such as an administrator's laptop. */
const peerSchema: Schema = {
  type: "object",
  required: ["spec"],
  properties: {
    apiVersion: text,
    kind: text,
    metadata: { type: "object" },
    spec: {
      type: "object",
      required: ["allowedIPs", "publicKey"],
      properties: {
        allowedIPs: { type: "array", items: text },
        endpoint: {
          type: "object",
          required: ["dnsOrIP", "port"],
          properties: {
            dnsOrIP: { type: "object", properties: { dns: text, ip: text } },
            port: { ...whole, format: "int32" },
          },
        },
        persistentKeepalive: whole,
        presharedKey: text,
        publicKey: text,
      },
    },
  },
};

/** The definition that Kilo's agent wants to find: `peers.kilo.squat.ai`. */
export const peerDefinition: types.input.apiextensions.v1.CustomResourceDefinitionSpec = {
  group: "kilo.squat.ai",
  scope: "Cluster",
  names: { kind: "Peer", listKind: "PeerList", plural: "peers", singular: "peer" },
  versions: [{ name: "v1alpha1", served: true, storage: true, schema: { openAPIV3Schema: peerSchema } }],
};
