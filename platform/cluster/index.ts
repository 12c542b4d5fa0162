import { placeOf } from "../../infra/clouds/place.ts";
import type { Cluster } from "../../infra/cluster.ts";
import { catalogue } from "../catalogue.ts";
import { CertificateAuthority } from "../kit/certificate-authority.ts";
import type { Peer } from "../kit/network-access.ts";
import type { IngressSettings } from "../kit/public-address.ts";
import type { ChartPlace } from "../kit/chart.ts";
import { deployedSystems, hostOf, type Deployed, type PlatformConfiguration } from "../layer.ts";
import { deployCloudController } from "./cloud-controller/wiring.ts";
import { deployIngress } from "./ingress/ingress.ts";
import { deployMesh } from "./istio/mesh.ts";
import { Keda } from "./keda/keda.ts";
import { Kilo } from "./kilo/kilo.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import type { ExporterNetwork } from "./monitoring/rendering.ts";
import { Namespaces, type NamespaceName } from "./namespaces.ts";
import { deployTelemetry, type Telemetry } from "./telemetry.ts";
import { workspacesOf } from "./users/roles.ts";
import { deploySafekeeping, type Safekeeping } from "./safekeeping.ts";
import { Users } from "./users/users.ts";

/** What the cluster layer gives to all layers above. */
export interface Foundation {
  /** Where systems are put, by namespace. */
  place(namespace: NamespaceName): ChartPlace;
  readonly authority: CertificateAuthority;
  /** How web pages are published; undefined on a cluster without an ingress controller. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
  /** Who asks for metrics and shows them: `kit/metrics.ts` and `kit/dashboard.ts` take it. */
  readonly monitoring: Monitoring | undefined;
  /** Where logs, traces and measurements go. */
  readonly telemetry: Telemetry;
  /** What looks after `keda.sh`'s objects: they are made after its charts. */
  readonly keda: Keda | undefined;
  /** A kubeconfig for every user, by name; secret. */
  readonly userKubeconfigs: Users["kubeconfigs"];
  /** What to seal Secrets with; undefined without Sealed Secrets. */
  readonly sealingCertificate: Safekeeping["sealingCertificate"];
  readonly deployed: readonly Deployed[];
}

/** Deploys what every system stands on: namespaces, the certificate authority and the login in front of web pages. */
export function deployClusterLayer(configuration: PlatformConfiguration, cluster: Cluster): Foundation {
  const kilo = podNetwork(configuration, cluster);
  const cloudController = deployCloudController(configuration, cluster.provider, kilo);
  // Nodes take other pods when they have a network, and when their cloud's controller knows them.
  const provider = cluster.networked(cloudController ?? kilo);
  const namespaces = new Namespaces(configuration, { providers: [provider] });
  const authority = new CertificateAuthority(configuration.cluster.name);
  const { charts } = configuration;
  const beforeMesh = (namespace: NamespaceName): ChartPlace => ({
    provider,
    namespace: namespaces.nameOf(namespace),
    charts,
  });
  const { systems } = configuration.platform;
  const { certManager, ingress, ingressController, traefik } = deployIngress(configuration, {
    provider,
    authority,
    place: beforeMesh,
  });
  const istio = deployMesh(configuration, { place: beforeMesh, ingress, ingressController });
  const place = (namespace: NamespaceName): ChartPlace => ({
    provider,
    namespace: istio?.joined(namespace) ?? namespaces.nameOf(namespace),
    charts,
  });
  const monitoring =
    systems.monitoring &&
    new Monitoring({
      place: place(catalogue.monitoring.namespace),
      options: systems.monitoring,
      host: hostOf(configuration, catalogue.monitoring.service),
      exporterNetwork: exporterNetworkOf(configuration),
      ingress,
      ingressController,
    });
  const telemetry = deployTelemetry(configuration, {
    place,
    authority,
    ingress,
    ingressController,
    monitoring,
  });
  const safekeeping = deploySafekeeping(configuration, { place, authority, monitoring });
  const keda = systems.keda && new Keda({ place: place(catalogue.keda.namespace), size: systems.keda.size });
  const users = deployUsers(configuration, cluster.kubeconfig, namespaces, provider);
  if (monitoring)
    for (const watched of [kilo, traefik, certManager, istio, keda]) watched?.watchBy(monitoring);
  return {
    place,
    authority,
    ingress,
    ingressController,
    monitoring,
    telemetry,
    keda,
    userKubeconfigs: users.kubeconfigs,
    sealingCertificate: safekeeping.sealingCertificate,
    deployed: [
      ...deployedSystems({
        ingress: ingress && { accounts: ingress.authentication.accounts },
        "cert-manager": certManager,
        monitoring,
      }),
      ...telemetry.deployed,
      ...deployedSystems({ istio, kilo, "cloud-controller": cloudController }),
      ...safekeeping.deployed,
      ...deployedSystems({ keda }),
    ],
  };
}

/** The private addresses of nodes in several places are not reached from one another where only pods have a mesh. */
function exporterNetworkOf({ cluster, pools }: PlatformConfiguration): ExporterNetwork {
  const places = new Set(
    pools.map((pool) => `${pool.cloud} ${pool.cloud === "on-prem" ? pool.region : placeOf(pool)}`),
  );
  return cluster.kind === "k3s" && cluster.network === "wireguard" && places.size > 1 ? "pods" : "node";
}

/** What makes the pod network of a cluster that comes without one. */
function podNetwork(configuration: PlatformConfiguration, cluster: Cluster): Kilo | undefined {
  if (!configuration.platform.systems.kilo) return undefined;
  return new Kilo({
    provider: cluster.provider,
    image: catalogue.kilo.images.kilo,
    meshCidr: configuration.network.meshCidr,
  });
}

function deployUsers(
  configuration: PlatformConfiguration,
  kubeconfig: Cluster["kubeconfig"],
  namespaces: Namespaces,
  provider: Cluster["provider"],
): Users {
  const workspaces = workspacesOf(configuration).map((name) => [name, namespaces.nameOf(name)] as const);
  return new Users(
    {
      users: configuration.access.users,
      cluster: configuration.cluster.name,
      kubeconfig,
      workspaces: Object.fromEntries(workspaces),
    },
    { providers: [provider] },
  );
}
