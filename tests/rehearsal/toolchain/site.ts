import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";

import { create } from "tar";

type Handler = (response: Parameters<RequestListener>[1]) => void;

/** A download site on loopback, in place of all vendors. */
export class Site {
  /** The paths that were asked for by GET, in order. */
  readonly requests: string[] = [];
  private readonly server: Server;
  private readonly handlers = new Map<string, Handler>();

  private constructor() {
    this.server = createServer((request, response) => {
      const path = request.url ?? "";
      if (request.method === "GET") this.requests.push(path);
      const handler = this.handlers.get(path);
      if (handler) handler(response);
      else response.writeHead(request.method === "HEAD" ? 200 : 404).end();
    });
  }

  static async open(): Promise<Site> {
    const site = new Site();
    await new Promise<void>((resolve) => site.server.listen(0, "127.0.0.1", resolve));
    return site;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers a path. */
  on(path: string, answer: string | Buffer | Handler): void {
    this.handlers.set(path, typeof answer === "function" ? answer : (response) => response.end(answer));
  }

  /** Publishes KWOK as its vendor does: the program, and its digest in GitHub's description of the release. */
  kwok(program: Buffer | Handler, digestOf: Buffer): void {
    this.on("/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-amd64", program);
    const assets = [{ name: "kwok-linux-amd64", digest: `sha256:${sha256(digestOf)}` }];
    this.on("/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0", JSON.stringify({ assets }));
  }

  /** Publishes an etcd archive as its vendor does: with a list of the checksums of all files. */
  etcd(archive: Buffer): void {
    const folder = "/etcd-io/etcd/releases/download/v3.6.14";
    const name = "etcd-v3.6.14-linux-amd64.tar.gz";
    this.on(`${folder}/${name}`, archive);
    this.on(`${folder}/SHA256SUMS`, `${"0".repeat(64)}  other.tar.gz\n${sha256(archive)}  ${name}\n`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A program that prints one line. @param size pads it to so many bytes. */
export function printing(line: string, size = 0): Buffer {
  return Buffer.from(`#!/bin/sh\necho "${line}"\nexit\n`.padEnd(size, "#\n"));
}

/** Where the program is in etcd's archive. */
export const etcdMember = "etcd-v3.6.14-linux-amd64/etcd";

/** A gzipped archive with a program, and another file beside it. @param folder for temporary files. */
export async function archiveOf(folder: string, member: string, program: Buffer): Promise<Buffer> {
  const source = join(folder, "source");
  const path = join(source, member);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, program, { mode: 0o755 });
  await writeFile(join(dirname(path), "README.md"), "etcd");
  const file = join(folder, "archive.tar.gz");
  await create({ gzip: true, file, cwd: source }, ["."]);
  return readFile(file);
}
