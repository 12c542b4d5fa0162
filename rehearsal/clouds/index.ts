/** The simulated clouds: one HTTP service on loopback that holds servers, firewalls, networks, keys, volumes and DNS records. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudError } from "./cloud-error.ts";
import { Faults, type CloudFault } from "./faults.ts";
import { allOf, type CloudsState } from "./inventory.ts";
import { simulatedClouds } from "./inventory.ts";
import { rules } from "./kinds/index.ts";
import { create, type Quota } from "./operations.ts";
import { answer, type Answer } from "./requests.ts";
import { StateFile } from "./state-file.ts";

export type { CloudFault, CloudOperation } from "./faults.ts";
export type { CloudResource, CloudsState, SimulatedCloud } from "./inventory.ts";
export type { SimulatedServer } from "./kind.ts";
export type { Quota } from "./operations.ts";
export { canReach } from "./firewall.ts";
export { serverKinds, serversOf } from "./servers.ts";
export { hasZoneOf, resolveName } from "./zones.ts";

/** Name of the variable by which plugins find the simulated clouds. */
export const cloudsVariable = "UAP_CLOUDS_URL";

export interface CloudsOptions {
  /** Where the state is kept; a second run with the same folder finds what the first one made. */
  readonly folder: string;
  /** DNS zones that every DNS service has. @default none */
  readonly zones?: readonly string[];
  /** How many resources of a kind each cloud allows. @default any number */
  readonly quota?: Quota;
  /** Requests that fail. @default none */
  readonly faults?: readonly CloudFault[];
}

export interface RunningClouds {
  /** The service's address: the value of {@link cloudsVariable}. */
  readonly url: string;
  readonly state: () => CloudsState;
  /** Calls back after each change of the state. */
  readonly onChange: (callback: () => void) => void;
  readonly stop: () => Promise<void>;
}

/** Starts the service. It listens on a free port of 127.0.0.1. */
export async function startClouds(options: CloudsOptions): Promise<RunningClouds> {
  const { folder, zones = [], quota = {}, faults = [] } = options;
  const file = await StateFile.open(folder);
  await file.save(withZones(file.state, zones, folder));
  const callbacks: (() => void)[] = [];
  const left = new Faults(faults);

  const handle = async (request: IncomingMessage): Promise<Answer> => {
    const body = await readBody(request);
    const before = file.state;
    const result = answer(before, { method: request.method ?? "", path: request.url ?? "", body }, left, {
      folder,
      quota,
    });
    await file.save(result.state);
    if (result.state !== before) for (const callback of callbacks) callback();
    return result;
  };
  const server = createServer((request, response) => {
    handle(request).then(
      ({ status, content, retryAfter }) => {
        send(response, status, content, retryAfter);
      },
      (error: unknown) => {
        send(response, 500, { message: String(error) });
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state: () => file.state,
    onChange: (callback) => {
      callbacks.push(callback);
    },
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      await file.save(file.state);
    },
  };
}

/** The state with the zones in every DNS service, where they are not yet. */
function withZones(state: CloudsState, zones: readonly string[], folder: string): CloudsState {
  for (const cloud of simulatedClouds) {
    const { zone } = rules[cloud];
    if (zone === undefined) continue;
    for (const name of zones) {
      if (allOf(state, cloud, zone.kind).some(({ inputs }) => inputs[zone.input] === name)) continue;
      const order = { cloud, kind: zone.kind, urn: "", inputs: { [zone.input]: name } };
      ({ state } = create(state, order, { folder, quota: {} }));
    }
  }
  return state;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CloudError(400, "The body is not JSON.");
  }
}

function send(response: ServerResponse, status: number, content: unknown, retryAfter?: number): void {
  response.writeHead(status, {
    "content-type": "application/json",
    ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
  });
  response.end(JSON.stringify(content));
}
