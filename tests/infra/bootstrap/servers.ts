import { createHash } from "node:crypto";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

import { apiPort } from "../../../infra/bootstrap/node-bootstrap.ts";
import { createAuthority } from "../../../rehearsal/kubernetes/pki/authority.ts";

/** A server on a loopback address, and what it was asked for. */
export interface TestServer {
  readonly address: string;
  readonly url: string;
  readonly requests: string[];
  close(): Promise<void>;
}

/** The program that is installed as k3s: it notes what it was started with. */
export const standInK3s = "#!/bin/sh\necho started >>/started\n";

/** What the download site answers. */
export interface Site {
  /** Requests that fail with 503 before it works. @default 0 */
  readonly failures?: number;
  /** The checksum that it publishes. @default the right one */
  readonly checksum?: string;
}

/** A site with one release of k3s for both architectures. */
export function downloadSite({ failures = 0, checksum }: Site = {}): Promise<TestServer> {
  const sum = checksum ?? createHash("sha256").update(standInK3s).digest("hex");
  let left = failures;
  return listen(
    (requests) =>
      http.createServer((request, response) => {
        const path = request.url ?? "";
        requests.push(path);
        if (left-- > 0) response.writeHead(503).end("later");
        else if (/\/sha256sum-(amd64|arm64)\.txt$/.test(path))
          response.end(`${sum}  k3s\n${sum}  k3s-arm64\n${"0".repeat(64)}  k3s-airgap-images.tar\n`);
        else if (/\/k3s(-arm64)?$/.test(path)) response.end(standInK3s);
        else response.writeHead(404).end();
      }),
    "127.0.0.1",
    0,
  );
}

/** A control plane that answers with its authority. @param address a loopback address of its own */
export async function controlPlane(address: string, authority: string): Promise<TestServer> {
  const { certificate, key } = await createAuthority("test", 1);
  return listen(
    (requests) =>
      https.createServer({ cert: certificate, key }, (request, response) => {
        requests.push(request.url ?? "");
        if (request.url === "/cacerts") response.end(authority);
        else response.writeHead(401).end();
      }),
    address,
    apiPort,
  );
}

async function listen(
  create: (requests: string[]) => http.Server,
  address: string,
  port: number,
): Promise<TestServer> {
  const requests: string[] = [];
  const server = create(requests);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, address, resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return {
    address,
    url: `http://${address}:${chosen}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
