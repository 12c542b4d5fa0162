import { stringify } from "yaml";

import { apiPort } from "./node-bootstrap.ts";

/** What an administrator needs; all PEM. */
export interface Administrator {
  /** Verifies the API server. */
  readonly serverAuthority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A cluster's kubeconfig with one administrator; secret. It follows from the PKI, so no node is asked for it. */
export function administratorKubeconfig(
  cluster: string,
  apiHost: string,
  administrator: Administrator,
): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": cluster,
      contexts: [{ name: cluster, context: { cluster, user: `${cluster}-administrator` } }],
      clusters: [
        {
          name: cluster,
          cluster: {
            server: `https://${apiHost}:${apiPort}`,
            "certificate-authority-data": base64(administrator.serverAuthority),
          },
        },
      ],
      users: [
        {
          name: `${cluster}-administrator`,
          user: {
            "client-certificate-data": base64(administrator.certificate),
            "client-key-data": base64(administrator.key),
          },
        },
      ],
    },
    { lineWidth: 0 },
  );
}
