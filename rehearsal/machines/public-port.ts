import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { messageOf, UserError } from "../errors.ts";

/** Where connections are passed on to, and which of them. */
export interface PublicPortOptions {
  /** A loopback address that stands for a server's public one. */
  readonly host: string;
  readonly port: number;
  readonly target: { readonly host: string; readonly port: number };
  /** Whether the firewall lets connections in right now. */
  readonly isOpen: () => boolean;
}

/** A port of a server: connections that its firewall lets in reach the program behind it, the others break off. */
export class PublicPort {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor({ target, isOpen }: PublicPortOptions) {
    // Who has said all still waits for the answer.
    const allowHalfOpen = true;
    this.#server = createServer({ allowHalfOpen }, (caller) => {
      this.#hold(caller);
      if (!isOpen()) caller.destroy();
      else this.#passOn(caller, connect({ ...target, allowHalfOpen }));
    });
  }

  /** @throws UserError when the address is not to be had. */
  static async open(options: PublicPortOptions): Promise<PublicPort> {
    const { host, port } = options;
    const opened = new PublicPort(options);
    opened.#server.listen({ host, port, exclusive: true });
    try {
      await once(opened.#server, "listening");
    } catch (error) {
      throw new UserError(`Port ${port} of the simulated server at ${host} is not free: ${messageOf(error)}`);
    }
    return opened;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #passOn(caller: Socket, inner: Socket): void {
    this.#hold(inner);
    caller.pipe(inner).pipe(caller);
    caller.once("close", () => inner.destroy());
    inner.once("close", () => caller.destroy());
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // A connection that breaks off ends its other half; nobody else is to hear of it.
    socket.on("error", () => undefined);
    socket.setNoDelay(true);
  }
}
