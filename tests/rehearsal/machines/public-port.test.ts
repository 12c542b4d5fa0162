import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { UserError } from "../../../rehearsal/errors.ts";
import { PublicPort } from "../../../rehearsal/machines/public-port.ts";

describe("the public port of a simulated server", () => {
  let server: Server;
  let target: { readonly host: string; readonly port: number };
  let port: PublicPort | undefined;
  let isOpen: boolean;
  let connections: Socket[];

  beforeEach(async () => {
    isOpen = true;
    connections = [];
    server = createServer({ allowHalfOpen: true }, (socket) => {
      connections.push(socket);
      socket.on("error", () => undefined);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    target = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  });

  afterEach(async () => {
    await port?.close();
    port = undefined;
    for (const socket of connections) socket.destroy();
    server.close();
  });

  /** At another loopback address, the port of the program behind is free. */
  const place = () => ({ host: "127.31.7.9", port: target.port });
  const open = async () => (port = await PublicPort.open({ ...place(), target, isOpen: () => isOpen }));
  const call = (allowHalfOpen = false) => connect({ ...place(), allowHalfOpen }).on("error", () => undefined);
  /** The other side of the next connection. */
  const answering = async (): Promise<Socket> => {
    if (connections.length === 0) await once(server, "connection");
    const [socket] = connections;
    assert.ok(socket);
    return socket;
  };

  it("passes on what either side says, the answer to one who has said all included", async () => {
    await open();
    const caller = call(true);
    caller.end("a question");
    const inner = await answering();
    assert.equal(await text(inner), "a question");
    inner.end("x".repeat(1_000_000));
    assert.equal((await text(caller)).length, 1_000_000);
  });

  it("ends one side when the other one breaks off", async () => {
    await open();
    const first = call();
    const inner = await answering();
    inner.resetAndDestroy();
    await once(first, "close");
    connections = [];
    const second = call();
    const other = await answering();
    second.resetAndDestroy();
    await once(other.resume(), "end");
  });

  it("ends who calls a program that is not there", async () => {
    server.close();
    await once(server, "close");
    await open();
    await once(call().resume(), "end");
  });

  it("breaks off connections that the firewall does not let in, and keeps those that it did", async () => {
    await open();
    const early = call();
    const inner = await answering();
    isOpen = false;
    const late = call();
    await once(late.resume(), "close");
    assert.equal(connections.length, 1);
    inner.write("still here");
    const [heard] = (await once(early, "data")) as [Buffer];
    assert.equal(heard.toString(), "still here");
    early.destroy();
  });

  it("closes with all connections, and its place is free again", async () => {
    const opened = await open();
    const caller = call();
    await answering();
    const ended = once(caller.resume(), "close");
    await opened.close();
    port = undefined;
    await ended;
    await open();
  });

  it("says so when somebody else listens there", async () => {
    await open();
    await assert.rejects(
      PublicPort.open({ ...place(), target, isOpen: () => true }),
      (error) =>
        error instanceof UserError &&
        error.message.startsWith(
          `Port ${target.port} of the simulated server at 127.31.7.9 is not free: listen EADDRINUSE`,
        ),
    );
  });
});
