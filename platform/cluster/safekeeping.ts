import type * as pulumi from "@pulumi/pulumi";
import { catalogue } from "../catalogue.ts";
import type { CertificateAuthority } from "../kit/certificate-authority.ts";
import type { ChartPlace } from "../kit/chart.ts";
import type { ChartSystem } from "../kit/chart-system.ts";
import { deployedSystems, type Deployed, type PlatformConfiguration } from "../layer.ts";
import type { NamespaceName } from "./namespaces.ts";
import { Nvidia } from "./nvidia/nvidia.ts";
import { Openbao } from "./openbao/openbao.ts";
import { SealedSecrets } from "./sealed-secrets/sealed-secrets.ts";
import { SystemUpgradeController } from "./system-upgrade-controller/system-upgrade-controller.ts";
import { Velero } from "./velero/velero.ts";

export interface SafekeepingArgs {
  readonly place: (namespace: NamespaceName) => ChartPlace;
  readonly authority: CertificateAuthority;
  readonly monitoring: ChartSystem | undefined;
}

/** What keeps nodes, secrets and data in good order. */
export interface Safekeeping {
  /** What to seal Secrets with (PEM); undefined without Sealed Secrets. */
  readonly sealingCertificate: pulumi.Output<string> | undefined;
  readonly deployed: readonly Deployed[];
}

/** Deploys the systems that look after nodes, secrets and backups, as far as they are switched on. */
export function deploySafekeeping(configuration: PlatformConfiguration, args: SafekeepingArgs): Safekeeping {
  const { systems } = configuration.platform;
  const upgrades = deployUpgrades(configuration, args);
  const nvidia =
    systems.nvidia && new Nvidia({ place: args.place(catalogue.nvidia.namespace), options: systems.nvidia });
  const sealedSecrets = deploySealedSecrets(configuration, args);
  const openbao = deployOpenbao(configuration, args);
  const velero = deployVelero(configuration, args);
  const { monitoring } = args;
  if (monitoring) for (const watched of [sealedSecrets, openbao, velero]) watched?.watchBy(monitoring);
  return {
    sealingCertificate: sealedSecrets?.certificate,
    deployed: deployedSystems({
      "system-upgrade-controller": upgrades,
      nvidia,
      "sealed-secrets": sealedSecrets,
      openbao,
      velero,
    }),
  };
}

function deployUpgrades({ cluster, platform }: PlatformConfiguration, { place }: SafekeepingArgs) {
  if (!platform.systems["system-upgrade-controller"] || cluster.kind !== "k3s") return undefined;
  const { images, namespace } = catalogue["system-upgrade-controller"];
  return new SystemUpgradeController({ place: place(namespace), images, version: cluster.version });
}

function deploySealedSecrets({ cluster, platform }: PlatformConfiguration, { place }: SafekeepingArgs) {
  if (!platform.systems["sealed-secrets"]) return undefined;
  const { namespace } = catalogue["sealed-secrets"];
  return new SealedSecrets({ place: place(namespace), cluster: cluster.name });
}

function deployOpenbao({ platform }: PlatformConfiguration, { authority, place }: SafekeepingArgs) {
  const options = platform.systems.openbao;
  if (!options) return undefined;
  const { images, namespace } = catalogue.openbao;
  return new Openbao({ place: place(namespace), options, authority, image: images.bao });
}

/** Without an S3 service the configuration refuses it. */
function deployVelero({ backup, cluster, platform }: PlatformConfiguration, { place }: SafekeepingArgs) {
  const options = platform.systems.velero;
  if (!options || !backup.s3) return undefined;
  const { images, namespace } = catalogue.velero;
  const { plugin } = images;
  return new Velero({ place: place(namespace), cluster: cluster.name, store: backup.s3, options, plugin });
}
