/**
 * Preloaded into every program of a rehearsal (`node --import`): names in zones of the simulated clouds resolve as their records
 * say, so that a kubeconfig which leads to `api.<cluster>.<domain>` works as it is. Every other name is looked up as usual.
 */
import dns, { type LookupAddress, type LookupOptions } from "node:dns";
import { get } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { isIP } from "node:net";
import { promisify } from "node:util";
import type { NameAnswer } from "./requests.ts";

type Callback = (error: NodeJS.ErrnoException | null, address?: unknown, family?: number) => void;
type LookUp = (name: string, options: LookupOptions, callback: Callback) => void;

const service = process.env.UAP_CLOUDS_URL;

if (service !== undefined) {
  const lookUp = withClouds(service, dns.lookup);
  const promise = promised(lookUp);
  const lookup = (name: string, options: LookupOptions | number | Callback, callback?: Callback) => {
    lookUp(name, ...normalized(options, callback));
  };
  Object.assign(dns, { lookup: Object.assign(lookup, { [promisify.custom]: promise }) });
  Object.assign(dns.promises, { lookup: promise });
  // Programs that import the functions by their names get these too.
  syncBuiltinESMExports();
}

/** Asks the clouds first, and everybody else for names that are not theirs. */
function withClouds(service: string, others: LookUp): LookUp {
  return (name, options, done) => {
    const askOthers = () => {
      others(name, options, done);
    };
    if (isIP(name) !== 0 || name === "localhost") askOthers();
    else {
      askClouds(service, name).then(
        ({ known, addresses }) => {
          if (known) answer(name, addresses, options, done);
          else askOthers();
        },
        // The clouds have stopped: their names lead nowhere any more.
        askOthers,
      );
    }
  };
}

function promised(lookUp: LookUp) {
  return (name: string, options?: LookupOptions | number) =>
    new Promise<unknown>((resolve, reject) => {
      const [settings] = normalized(options, undefined);
      lookUp(name, settings, (error, found, family) => {
        if (error) reject(error);
        else resolve(Array.isArray(found) ? found : { address: found, family });
      });
    });
}

function normalized(
  options: LookupOptions | number | Callback | undefined,
  callback: Callback | undefined,
): [LookupOptions, Callback] {
  if (typeof options === "function") return [{}, options];
  const settings = typeof options === "number" ? { family: options } : (options ?? {});
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

/** Simulated servers have addresses of IPv4 alone that lead anywhere. */
function answer(
  name: string,
  found: readonly string[],
  { all, family }: LookupOptions,
  done: Callback,
): void {
  const addresses = family === 6 || family === "IPv6" ? [] : found;
  const [first] = addresses;
  if (first === undefined) {
    const error = new Error(`getaddrinfo ENOTFOUND ${name}`);
    done(Object.assign(error, { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: name }));
  } else if (all === true) {
    done(
      null,
      addresses.map((address): LookupAddress => ({ address, family: 4 })),
    );
  } else {
    done(null, first, 4);
  }
}
