import { simulatedClouds, type CloudResource, type CloudsState } from "./inventory.ts";
import type { SimulatedServer } from "./kind.ts";
import { rules } from "./kinds/index.ts";

/** The kind of resource that is a server, at each cloud that has servers. */
export const serverKinds = simulatedClouds.flatMap((cloud) => {
  const { serverKind } = rules[cloud];
  return serverKind === undefined ? [] : [{ cloud, kind: serverKind }];
});

/** Every server of every cloud. */
export function serversOf(state: CloudsState): readonly SimulatedServer[] {
  return state.resources.flatMap((resource) => serverOf(resource, state) ?? []);
}

/** The resource as a server, when it is one. */
export function serverOf(resource: CloudResource, state: CloudsState): SimulatedServer | undefined {
  const { serverKind, server } = rules[resource.cloud];
  return resource.kind === serverKind && server !== undefined
    ? { resource, ...server(resource, state) }
    : undefined;
}
