import { catalogue } from "../catalogue.ts";
import type { Foundation } from "../cluster/index.ts";
import { deployedSystems, hostOf, type Deployed, type PlatformConfiguration } from "../layer.ts";
import type { Storage } from "../storage/index.ts";
import { Mosquitto } from "./mosquitto/mosquitto.ts";

/** Deploys the data layer's systems that are switched on. */
export function deployDataLayer(
  configuration: PlatformConfiguration,
  foundation: Foundation,
  storage: Storage,
): Deployed[] {
  const mosquitto = deployMosquitto(configuration, foundation, storage);
  return deployedSystems({
    mosquitto: mosquitto && {
      url: mosquitto.publicAddress ?? mosquitto.address,
      accounts: mosquitto.accounts,
    },
  });
}

function deployMosquitto(
  configuration: PlatformConfiguration,
  foundation: Foundation,
  { roles }: Storage,
): Mosquitto | undefined {
  const options = configuration.platform.systems.mosquitto;
  const { namespace, service, images } = catalogue.mosquitto;
  return (
    options &&
    new Mosquitto({
      place: foundation.place(namespace),
      image: images.mosquitto,
      options,
      storageClass: roles.classFor("block"),
      host: hostOf(configuration, service, namespace),
      authority: foundation.authority,
      clients: [],
    })
  );
}
