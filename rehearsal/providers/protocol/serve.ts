/** A provider as a plugin: one process that the engine starts, talks to over gRPC, and ends. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { engineEnd } from "./engine-end.ts";
import type { Provider } from "./provider.ts";
import { handlers, serviceDefinition } from "./service.ts";

/**
 * Serves a provider until the engine is done with it, then ends the process.
 *
 * The engine reads the port from the first line on standard output.
 */
export async function serve(provider: Provider): Promise<void> {
  const end = engineEnd();
  // The engine sends messages of any size; gRPC by itself takes 4 MiB, less than a set of CRDs.
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(serviceDefinition, handlers(provider));
  const port = await listen(server);
  process.stdout.write(`${port}\n`);
  await end;
  provider.cancel?.();
  process.exit(0);
}

/** Listens on a free port, reachable from this machine only. */
function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}
