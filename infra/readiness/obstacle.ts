/** What stands between the program and a cluster that is ready. */
export type Obstacle =
  | { readonly kind: "name"; readonly host: string }
  | { readonly kind: "port"; readonly host: string; readonly port: string }
  | { readonly kind: "silence"; readonly host: string; readonly port: string }
  | { readonly kind: "certificate"; readonly host: string; readonly detail: string }
  | { readonly kind: "refusal"; readonly status: number }
  | { readonly kind: "starting"; readonly detail: string }
  | { readonly kind: "nodes"; readonly missing: readonly string[]; readonly unready: readonly string[] }
  | { readonly kind: "other"; readonly detail: string };

/** Where a node tells how far its bootstrap is. */
const log = "/var/log/uap-bootstrap.log";

/** What is seen, what it may mean, and what to do about it. */
export function explainObstacle(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case "name":
      return (
        `the name ${obstacle.host} does not resolve yet. Is the domain's zone delegated to the DNS provider of ` +
        "uap:dns? With the provider none, enter the records of the output dns by hand."
      );
    case "port":
      return (
        `${obstacle.host} refuses connections on port ${obstacle.port}: the server is up and k3s is not (yet). ` +
        `Its bootstrap writes what it does to ${log}.`
      );
    case "silence":
      return (
        `${obstacle.host} does not answer on port ${obstacle.port}: the server is still booting, or a firewall drops ` +
        "the connection. Is your own address in uap:access.operatorCidrs?"
      );
    case "certificate":
      return (
        `${obstacle.host} shows a certificate that this cluster's authority did not sign (${obstacle.detail}): ` +
        "the name leads to another machine, or the server kept the keys of an earlier cluster. Replace that node."
      );
    case "refusal":
      return (
        `the API server answers ${obstacle.status} to the administrator's certificate: it runs with the keys of ` +
        "another cluster. Replace its nodes."
      );
    case "starting":
      return `the API server is starting: ${obstacle.detail}.`;
    case "nodes":
      return [
        ...(obstacle.missing.length > 0
          ? [`these nodes have not joined: ${obstacle.missing.join(", ")}`]
          : []),
        ...(obstacle.unready.length > 0 ? [`these nodes are not ready: ${obstacle.unready.join(", ")}`] : []),
        `A node's bootstrap writes what it does to ${log}.`,
      ].join(". ");
    case "other":
      return `${obstacle.detail}.`;
    default:
      return obstacle satisfies never;
  }
}

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
