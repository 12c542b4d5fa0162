import { catalogue } from "../catalogue.ts";
import type { Foundation } from "../cluster/index.ts";
import { hostOf, type Deployed, type PlatformConfiguration } from "../layer.ts";
import { Mosquitto } from "./mosquitto/mosquitto.ts";

/** Deploys the data layer's systems that are switched on. */
export function deployDataLayer(configuration: PlatformConfiguration, foundation: Foundation): Deployed[] {
  const { systems } = configuration.platform;
  return [...(systems.mosquitto ? [deployMosquitto(configuration, foundation, systems.mosquitto)] : [])];
}

function deployMosquitto(
  configuration: PlatformConfiguration,
  foundation: Foundation,
  options: NonNullable<PlatformConfiguration["platform"]["systems"]["mosquitto"]>,
): Deployed {
  const { namespace, service, images } = catalogue.mosquitto;
  const mosquitto = new Mosquitto({
    place: foundation.place(namespace),
    image: images.mosquitto,
    options,
    host: hostOf(configuration, service, namespace),
    authority: foundation.authority,
    clients: [],
  });
  return {
    system: "mosquitto",
    url: mosquitto.publicAddress ?? mosquitto.address,
    accounts: mosquitto.accounts,
  };
}
