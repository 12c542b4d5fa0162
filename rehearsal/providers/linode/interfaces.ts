import { unknownValue, type Properties } from "../protocol/provider.ts";
import type { Resource } from "../protocol/resource.ts";

/**
 * Makes the previews of a server tell the addresses of its interfaces in VPCs as the provider's do: one that nobody asked for is not known
 * before the server is there, and then stays.
 */
export function withInterfaces(instance: Resource): Resource {
  return {
    ...instance,
    async create(request) {
      const made = await instance.create(request);
      return request.preview ? { ...made, state: told(made.state, {}) } : made;
    },
    async update(request) {
      const state = await instance.update(request);
      return request.preview ? told(state, request.oldState) : state;
    },
  };
}

function told(state: Properties, old: Properties): Properties {
  const before = interfacesIn(old);
  const interfaces = interfacesIn(state)?.map((one, index) =>
    one.purpose === "vpc"
      ? { ...one, ipv4: one.ipv4 ?? before?.[index]?.ipv4 ?? { vpc: unknownValue } }
      : one,
  );
  return interfaces === undefined ? state : { ...state, interfaces };
}

function interfacesIn({ interfaces }: Properties): readonly Properties[] | undefined {
  return Array.isArray(interfaces) ? (interfaces as readonly Properties[]) : undefined;
}
