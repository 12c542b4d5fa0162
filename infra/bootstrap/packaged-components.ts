import type { PackagedComponent } from "./node-bootstrap.ts";

/** The components of k3s that are systems of the catalogue too, by the system's name. */
const componentsOfSystems: Readonly<Record<string, PackagedComponent>> = {
  ingress: "traefik",
  "local-path": "local-storage",
};

/**
 * The components that k3s would bring along though their system is off.
 *
 * @param systems the systems that are on, by name
 */
export function unwantedComponents(systems: Readonly<Record<string, unknown>>): PackagedComponent[] {
  return Object.entries(componentsOfSystems).flatMap(([system, component]) =>
    systems[system] === undefined ? [component] : [],
  );
}
