/** A TCP port on which a system serves everybody, on the ingress nodes. */
export interface PublicPort {
  /** What it is for, in a few words: clouds show it beside the firewall's rule. */
  readonly description: string;
  readonly port: number;
}

/** MQTT over TLS, for devices outside the cluster. */
export const mqttsPort = 8883;

/**
 * The ports that systems open to the world beside the web's: only those that the stack asks for by an option.
 *
 * @param systems the systems that are on, by name, with their options
 */
export function publicPortsOf(systems: Readonly<Record<string, unknown>>): PublicPort[] {
  const mosquitto = systems.mosquitto as { readonly expose?: boolean } | undefined;
  return mosquitto?.expose === true ? [{ description: "MQTT over TLS", port: mqttsPort }] : [];
}
