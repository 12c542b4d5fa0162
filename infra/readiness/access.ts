import { parse } from "yaml";
import { z } from "zod";

const schema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.url(), "certificate-authority-data": z.base64() }) }),
  ]),
  users: z.tuple([
    z.object({ user: z.object({ "client-certificate-data": z.base64(), "client-key-data": z.base64() }) }),
  ]),
});

/** What is needed to ask a cluster's API; the certificates are PEM. */
export interface ApiAccess {
  readonly server: URL;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Reads the kubeconfig that the program made: one cluster, one administrator. */
export function apiAccess(kubeconfig: string): ApiAccess {
  const {
    clusters: [{ cluster }],
    users: [{ user }],
  } = schema.parse(parse(kubeconfig));
  const text = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  return {
    server: new URL(cluster.server),
    authority: text(cluster["certificate-authority-data"]),
    certificate: text(user["client-certificate-data"]),
    key: text(user["client-key-data"]),
  };
}
