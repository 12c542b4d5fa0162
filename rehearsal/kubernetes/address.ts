import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";

import { UserError } from "../errors.ts";

/** Where an API server listens. */
export interface Address {
  /** An IPv4 address of this machine's loopback network. */
  readonly host: string;
  readonly port: number;
}

/** The port that Kubernetes' API servers usually listen at. */
const usualPort = 6443;

/**
 * The address of the cluster in a folder: the same at every start, as long as nobody else listens there. When somebody
 * does, the port is another one from then on.
 *
 * @param host the address to listen at. @default one of the cluster's own, so that clusters do not meet
 * @throws UserError when the address does not belong to this machine.
 */
export async function keepAddress(folder: string, host?: string): Promise<Address> {
  const file = path.join(folder, "address.json");
  const kept = await readAddress(file);
  const wanted =
    kept !== undefined && (host === undefined || host === kept.host)
      ? kept
      : { host: host ?? loopbackAddress(folder), port: usualPort };
  const address = await findFree(wanted, host === undefined);
  if (address.host !== kept?.host || address.port !== kept.port)
    await writeFile(file, JSON.stringify(address));
  return address;
}

/** An address in 127.64.0.0/10 that depends on nothing but the folder. */
export function loopbackAddress(folder: string): string {
  const [first = 0, second = 0, third = 0] = createHash("sha256").update(path.resolve(folder)).digest();
  return `127.${64 + (first % 64)}.${second}.${1 + (third % 254)}`;
}

async function findFree(wanted: Address, mayMove: boolean): Promise<Address> {
  const outcome = await tryListening(wanted);
  if (typeof outcome === "number") return wanted;
  if (outcome === "EADDRINUSE") {
    const port = await tryListening({ ...wanted, port: 0 });
    if (typeof port === "number") return { ...wanted, port };
  }
  // Linux owns all of 127.0.0.0/8, other systems 127.0.0.1 alone.
  const port = mayMove ? await tryListening({ host: "127.0.0.1", port: 0 }) : outcome;
  if (typeof port === "number") return { host: "127.0.0.1", port };
  throw new UserError(
    `The API server cannot listen at ${wanted.host} (${port}): give an address of this machine.`,
  );
}

/** Listens for a moment. Answers the port, or the error's code. */
async function tryListening({ host, port }: Address): Promise<number | string> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    server.close();
  }
}

async function readAddress(file: string): Promise<Address | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Address;
  } catch {
    return undefined; // A first start, or a file that nobody can use: the address is chosen anew.
  }
}
