import { Pool, type Dispatcher } from "undici";

import { obtainCredentials } from "./credentials.ts";
import { parseKubeconfig, type Connection, type KubeconfigOptions } from "./kubeconfig.ts";
import { KubernetesError, UnreachableError, type Status } from "./kubernetes-error.ts";

export { hasStatus, KubernetesError, UnreachableError } from "./kubernetes-error.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Query parameters; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What accompanies a request. */
export interface RequestOptions {
  readonly query?: Query;
  /** Sent as JSON, which also is valid YAML for server-side apply. */
  readonly body?: unknown;
  /** @default "application/json" */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** One change that a watch reports. */
export interface WatchEvent<Item> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: Item;
}

/** How a client is made. */
export interface ClientOptions extends KubeconfigOptions {
  /** The most requests that are under way at once; further ones wait. Watches do not count. @default 40 */
  readonly connections?: number;
}

/** Requests answer within this time, or the server counts as unreachable, in milliseconds. */
const requestTimeout = 60_000;

/**
 * A small HTTP client for one Kubernetes API server. It keeps its connections alive, and renews credentials that expire.
 *
 * Nothing is sent before the first request. Close it when done, or Node stays up for as long as connections do.
 */
export class KubernetesClient implements AsyncDisposable {
  /** The API server's address. */
  readonly server: string;
  /** The namespace that the kubeconfig's context names. */
  readonly namespace: string;
  readonly #connection: Connection;
  readonly #connections: number;
  #session: Promise<Session> | undefined;

  /**
   * @param kubeconfig the contents of a kubeconfig file
   * @throws UserError when the kubeconfig is of no use.
   */
  constructor(kubeconfig: string, options: ClientOptions = {}) {
    this.#connection = parseKubeconfig(kubeconfig, options);
    this.#connections = options.connections ?? 40;
    this.server = this.#connection.server;
    this.namespace = this.#connection.namespace;
  }

  /**
   * Sends one request and answers the parsed body: JSON as its value, anything else as text.
   *
   * @param path the path at the server, for example `/api/v1/namespaces`
   * @throws KubernetesError when the server refuses; {@link UnreachableError} when there is no answer.
   */
  async request(method: Method, path: string, options: RequestOptions = {}): Promise<unknown> {
    const response = await this.#send("requests", method, path, options);
    const text = await this.#reach(response.body.text(), options.signal);
    return isJson(response) ? (JSON.parse(text) as unknown) : text;
  }

  /**
   * Watches a collection: its changes as they come, until the server ends the watch or the signal aborts it.
   *
   * @param path the collection's path, for example `/api/v1/pods`
   * @throws KubernetesError when the server refuses, also midway (410: the resource version is too old, list again);
   * {@link UnreachableError} when the connection breaks.
   */
  async *watch<Item>(
    path: string,
    options: Omit<RequestOptions, "body"> = {},
  ): AsyncGenerator<WatchEvent<Item>> {
    const query = { ...options.query, watch: true };
    try {
      const response = await this.#send("watches", "GET", path, { ...options, query });
      for await (const line of this.#lines(response.body)) yield parseEvent<Item>(line);
    } catch (error) {
      if (options.signal?.aborted !== true) throw error;
    }
  }

  /** Ends every connection; requests that are under way fail. */
  async close(): Promise<void> {
    const session = await this.#session?.catch(() => undefined);
    this.#session = undefined;
    await Promise.all([session?.requests.destroy(), session?.watches.destroy()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #send(
    pool: "requests" | "watches",
    method: Method,
    path: string,
    options: RequestOptions,
  ): Promise<Dispatcher.ResponseData> {
    const session = await this.#open();
    const base = new URL(this.server);
    const response = await this.#reach(
      session[pool].request({
        method,
        path: base.pathname.replace(/\/$/, "") + path,
        query: definedOnly(options.query ?? {}),
        headers: {
          accept: "application/json",
          ...(options.body === undefined
            ? {}
            : { "content-type": options.contentType ?? "application/json" }),
          ...(session.token === undefined ? {} : { authorization: `Bearer ${session.token}` }),
        },
        body: options.body === undefined ? null : JSON.stringify(options.body),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }),
      options.signal,
    );
    if (response.statusCode < 400) return response;
    throw KubernetesError.fromResponse(
      response.statusCode,
      await this.#reach(response.body.text(), options.signal),
    );
  }

  /** Turns a failure of the network into a sentence; an abort stays what it is. */
  async #reach<Value>(answer: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
    try {
      return await answer;
    } catch (error) {
      signal?.throwIfAborted();
      throw new UnreachableError(this.server, error);
    }
  }

  async *#lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for await (const chunk of body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        yield* lines.filter((line) => line !== "");
      }
    } catch (error) {
      throw new UnreachableError(this.server, error);
    }
  }

  /** The session, opened at first use and again when its credentials have expired. */
  async #open(): Promise<Session> {
    const current = this.#session;
    if (current === undefined) return this.#renew();
    const session = await current;
    if (session.expires > Date.now()) return session;
    // Somebody else may have renewed it while we waited.
    if (this.#session !== current) return this.#open();
    // What is under way ends in peace; nobody waits for it here.
    void session.requests.close();
    void session.watches.close();
    return this.#renew();
  }

  #renew(): Promise<Session> {
    const session = openSession(this.#connection, this.#connections);
    this.#session = session;
    session.catch(() => {
      // The next request tries again.
      if (this.#session === session) this.#session = undefined;
    });
    return session;
  }
}

/** Connections that one set of credentials opened. */
interface Session {
  readonly requests: Pool;
  /** Apart from the requests, for watches hold their connections for long. */
  readonly watches: Pool;
  readonly token: string | undefined;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

async function openSession(connection: Connection, connections: number): Promise<Session> {
  const credentials = await obtainCredentials(connection);
  const options = {
    allowH2: false,
    connect: {
      ...(connection.certificateAuthority === undefined ? {} : { ca: connection.certificateAuthority }),
      ...(credentials.certificate === undefined ? {} : { cert: credentials.certificate }),
      ...(credentials.key === undefined ? {} : { key: credentials.key }),
      ...(connection.serverName === undefined ? {} : { servername: connection.serverName }),
      rejectUnauthorized: !connection.skipVerification,
    },
    keepAliveTimeout: 30_000,
    headersTimeout: requestTimeout,
  };
  const { origin } = new URL(connection.server);
  return {
    requests: new Pool(origin, { ...options, connections, bodyTimeout: requestTimeout }),
    watches: new Pool(origin, { ...options, connections: null, bodyTimeout: 0 }),
    token: credentials.token,
    expires: credentials.expires ?? Number.POSITIVE_INFINITY,
  };
}

function parseEvent<Item>(line: string): WatchEvent<Item> {
  const event = JSON.parse(line) as WatchEvent<Item> | { readonly type: "ERROR"; readonly object: Status };
  if (event.type === "ERROR") throw new KubernetesError(event.object);
  return event;
}

function isJson(response: Dispatcher.ResponseData): boolean {
  return String(response.headers["content-type"]).startsWith("application/json");
}

function definedOnly(query: Query): Record<string, string> {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}
