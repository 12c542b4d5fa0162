/** What stands between the program and a cluster that is ready. */
export type Obstacle =
  | { readonly kind: "name"; readonly host: string }
  | { readonly kind: "port"; readonly host: string; readonly port: string }
  | { readonly kind: "silence"; readonly host: string; readonly port: string }
  | { readonly kind: "certificate"; readonly host: string; readonly detail: string }
  | { readonly kind: "refusal"; readonly status: number }
  | { readonly kind: "starting"; readonly detail: string }
  | { readonly kind: "nodes"; readonly missing: readonly string[]; readonly unready: readonly string[] }
  | { readonly kind: "marks"; readonly node: string; readonly detail: string }
  | { readonly kind: "traefik"; readonly detail: string }
  | { readonly kind: "other"; readonly detail: string };

/** Names of Node's and OpenSSL's errors that speak of certificates. */
const certificateErrors = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL)/;

/** Takes an error of the network for what it is. */
export function obstacleOf(error: unknown, server: URL): Obstacle {
  const host = server.hostname;
  const port = server.port === "" ? "443" : server.port;
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return { kind: "name", host };
  if (code === "ECONNREFUSED") return { kind: "port", host, port };
  if (/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|UAP_TIMEOUT)$/.test(code))
    return { kind: "silence", host, port };
  if (certificateErrors.test(code)) return { kind: "certificate", host, detail: message };
  return { kind: "other", detail: message };
}
