/** How stand-in providers talk to the simulated clouds. */
import { setTimeout as pause } from "node:timers/promises";
import { CloudError } from "./cloud-error.ts";
import type { CloudResource, SimulatedCloud, Values } from "./inventory.ts";

/** The same as in index.ts, which plugins do not load: it is the whole service. */
const variable = "UAP_CLOUDS_URL";

/** A request that fails because of too many requests or trouble at the cloud is sent this often in all. */
const attempts = 5;
/** Pauses between them grow from the first to the longest, in milliseconds. */
const firstPause = 100;
const longestPause = 10_000;

/** One cloud's API. Every call throws {@link CloudError} when the cloud refuses. */
export class CloudClient {
  readonly #cloud: SimulatedCloud;

  constructor(cloud: SimulatedCloud) {
    this.#cloud = cloud;
  }

  async create(kind: string, urn: string, inputs: Values): Promise<CloudResource> {
    return (await this.#ask("POST", [kind], { urn, inputs })) as CloudResource;
  }

  /** @returns undefined when there is no such resource. */
  async read(kind: string, id: string): Promise<CloudResource | undefined> {
    try {
      return (await this.#ask("GET", [kind, id])) as CloudResource;
    } catch (error) {
      if (error instanceof CloudError && error.status === 404) return undefined;
      throw error;
    }
  }

  async list(kind: string): Promise<readonly CloudResource[]> {
    return (await this.#ask("GET", [kind])) as readonly CloudResource[];
  }

  async update(kind: string, id: string, inputs: Values): Promise<CloudResource> {
    return (await this.#ask("PUT", [kind, id], { inputs })) as CloudResource;
  }

  /** What is gone already is deleted. */
  async delete(kind: string, id: string): Promise<void> {
    try {
      await this.#ask("DELETE", [kind, id]);
    } catch (error) {
      if (!(error instanceof CloudError && error.status === 404)) throw error;
    }
  }

  /** Tells that the engine knows the resource of an URN, so that it is nobody's leftover. */
  async record(urn: string): Promise<void> {
    await send("POST", "/recorded", { urn });
  }

  async #ask(method: string, parts: readonly string[], body?: unknown): Promise<unknown> {
    const path = `/${[this.#cloud, ...parts].map(encodeURIComponent).join("/")}`;
    for (let attempt = 1; ; attempt++) {
      try {
        return await send(method, path, body);
      } catch (error) {
        if (!(error instanceof CloudError && isPassing(error)) || attempt === attempts) throw error;
        const wait =
          error.retryAfter === undefined ? firstPause * 2 ** (attempt - 1) : error.retryAfter * 1000;
        await pause(Math.min(wait, longestPause));
      }
    }
  }
}

function isPassing({ status }: CloudError): boolean {
  return status === 429 || status >= 500;
}

async function send(method: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${serviceUrl()}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new Error(
      `The simulated clouds do not answer at ${serviceUrl()}. They belong to a rehearsal that has ended: start it again.`,
      { cause: error },
    );
  });
  const content = (await response.json()) as { readonly message?: string };
  if (response.ok) return content;
  const retryAfter = response.headers.get("retry-after");
  throw new CloudError(
    response.status,
    content.message ?? response.statusText,
    retryAfter === null ? undefined : Number(retryAfter),
  );
}

function serviceUrl(): string {
  const url = process.env[variable];
  if (url === undefined || url === "") {
    throw new Error(
      `The stand-in works with simulated clouds only, and ${variable} does not say where they are. ` +
        "Rehearse the stack (make rehearse STACK=<stack>), or install the official plugin to order from the real cloud.",
    );
  }
  return url;
}
