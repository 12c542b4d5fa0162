import { Agent, request } from "node:https";
import { parse } from "yaml";
import { z } from "zod";

/** An answer begins within this time, and does not stop for longer, in milliseconds. */
const patience = 5_000;

/** What is needed to ask a cluster's API; the certificates are PEM. */
export interface ApiAccess {
  readonly server: URL;
  /** @default the authorities that this machine trusts */
  readonly authority?: string | undefined;
  /** @default none, where a token tells who asks */
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/** What a request is, beyond its path. */
export interface ApiMessage {
  /** @default "GET" */
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default "application/json" */
  readonly contentType?: string;
}

/**
 * A cluster's API for the commands that run beside the program, which are started often and have to be quick: plain https over one
 * connection, no library.
 */
export class KubernetesApi {
  readonly server: URL;
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ server, authority, certificate, key, token }: ApiAccess) {
    this.server = server;
    this.#agent = new Agent({ keepAlive: true, ca: authority, cert: certificate, key });
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** @throws an error of Node's network with its `code`; `UAP_TIMEOUT` when there is no answer in time. */
  request(path: string, message?: ApiMessage): Promise<ApiAnswer> {
    const body = message?.body === undefined ? undefined : JSON.stringify(message.body);
    return new Promise((resolve, reject) => {
      const call = request(
        new URL(path, this.server),
        {
          agent: this.#agent,
          method: message?.method ?? "GET",
          timeout: patience,
          headers: {
            ...this.#headers,
            ...(body === undefined ? {} : headersOf(body, message?.contentType)),
          },
        },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.once("end", () => {
            resolve({ status: response.statusCode ?? 0, body: text });
          });
          // A connection that breaks in the middle is an error of the answer, no longer of the call.
          response.once("error", reject);
        },
      );
      const giveUp = () => call.destroy(Object.assign(new Error("no answer"), { code: "UAP_TIMEOUT" }));
      // The socket's own timeout begins anew when a connection is made.
      const timer = setTimeout(giveUp, patience);
      call.once("response", () => {
        clearTimeout(timer);
      });
      call.once("close", () => {
        clearTimeout(timer);
      });
      call.once("timeout", giveUp);
      call.once("error", reject);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** With its length: Node sends that of a DELETE only when told, and the next request would begin in the middle of this one. */
function headersOf(body: string, contentType = "application/json"): Record<string, string | number> {
  return { "content-type": contentType, "content-length": Buffer.byteLength(body) };
}

const kubeconfigSchema = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.url(), "certificate-authority-data": z.base64() }) }),
  ]),
  users: z.tuple([
    z.object({ user: z.object({ "client-certificate-data": z.base64(), "client-key-data": z.base64() }) }),
  ]),
});

/** Reads the kubeconfig that the program made: one cluster, one administrator. */
export function apiAccess(kubeconfig: string): ApiAccess {
  const {
    clusters: [{ cluster }],
    users: [{ user }],
  } = kubeconfigSchema.parse(parse(kubeconfig));
  const text = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  return {
    server: new URL(cluster.server),
    authority: text(cluster["certificate-authority-data"]),
    certificate: text(user["client-certificate-data"]),
    key: text(user["client-key-data"]),
  };
}
