/**
 * Preloaded into every program of a rehearsal (`node --import`): names in zones of the simulated clouds resolve as their records
 * say, so that a kubeconfig which leads to `api.<cluster>.<domain>` works as it is. Every other name is looked up as usual.
 */
import dns, { type LookupAddress, type LookupOptions } from "node:dns";
import { get } from "node:http";
import { isIP } from "node:net";
import type { NameAnswer } from "./requests.ts";

type Callback = (error: NodeJS.ErrnoException | null, address?: unknown, family?: number) => void;

const service = process.env.UAP_CLOUDS_URL;
const lookUp = dns.lookup as (name: string, options: LookupOptions, callback: Callback) => void;

if (service !== undefined) {
  Object.assign(dns, {
    lookup: (name: string, options: LookupOptions | number | Callback, callback?: Callback) => {
      const [settings, done] = normalized(options, callback);
      if (isIP(name) !== 0 || name === "localhost") {
        lookUp(name, settings, done);
        return;
      }
      askClouds(service, name).then(
        ({ known, addresses }) => {
          if (known) answer(name, addresses, settings, done);
          else lookUp(name, settings, done);
        },
        // The clouds have stopped: their names lead nowhere any more.
        () => {
          lookUp(name, settings, done);
        },
      );
    },
  });
}

function normalized(
  options: LookupOptions | number | Callback,
  callback: Callback | undefined,
): [LookupOptions, Callback] {
  if (typeof options === "function") return [{}, options];
  const settings = typeof options === "number" ? { family: options } : options;
  return [settings, callback ?? (() => undefined)];
}

function askClouds(url: string, name: string): Promise<NameAnswer> {
  return new Promise((resolve, reject) => {
    get(`${url}/names/${encodeURIComponent(name)}`, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.once("end", () => {
        resolve(JSON.parse(body) as NameAnswer);
      });
      response.once("error", reject);
    }).once("error", reject);
  });
}

function answer(name: string, addresses: readonly string[], { all }: LookupOptions, done: Callback): void {
  const [first] = addresses;
  if (first === undefined) {
    const error = new Error(`getaddrinfo ENOTFOUND ${name}`);
    done(Object.assign(error, { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: name }));
  } else if (all === true) {
    const found: LookupAddress[] = addresses.map((address) => ({ address, family: 4 }));
    done(null, found);
  } else {
    done(null, first, 4);
  }
}
