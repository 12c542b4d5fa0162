import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../kit/checksum.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { networkAccess, type Peer } from "../../kit/network-access.ts";
import { publicAddress, type IngressSettings } from "../../kit/public-address.ts";
import { System, type SystemPlace } from "../../kit/system.ts";
import { WebService } from "../../kit/web-service.ts";
import { portalFileNames, portalFiles, type PortalLink } from "./files.ts";

/** The user that the image is made for. */
const portalUser = 1000;
const portalPort = 3000;
/** Where homepage reads its configuration. */
const configurationFolder = "/app/config";

export interface PortalArgs {
  readonly place: SystemPlace;
  readonly image: string;
  /** Heading of the page: the cluster's name. */
  readonly title: string;
  readonly host: string;
  /** How the page is published; undefined on a cluster without ingress. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
  readonly links: pulumi.Input<pulumi.Input<PortalLink>[]>;
}

/** The platform's front page: homepage with a link to every system, grouped by layer. */
export class Portal extends System {
  /** The page's address; undefined on a cluster without ingress. */
  readonly url: pulumi.Output<string> | undefined;

  constructor(args: PortalArgs) {
    super({ name: "portal", layer: "devops" }, args.place);
    const configuration = this.#createConfiguration(args);
    const service = this.#createService(args, configuration);
    this.url = args.ingress && this.#publish(args, args.ingress, service);
    this.#openEdges(args);
    this.registerOutputs({ url: this.url });
  }

  #createConfiguration(args: PortalArgs): kubernetes.core.v1.ConfigMap {
    const files = pulumi.output(args.links).apply((links) => portalFiles(args.title, links));
    return new kubernetes.core.v1.ConfigMap(
      "portal",
      { metadata: this.metadata("portal"), data: files },
      { parent: this },
    );
  }

  #createService(args: PortalArgs, configuration: kubernetes.core.v1.ConfigMap): WebService {
    return new WebService(
      "portal",
      {
        system: this.systemName,
        metadata: this.metadata("portal"),
        user: portalUser,
        checksum: checksum(configuration.data),
        container: {
          name: "homepage",
          image: args.image,
          ports: { http: portalPort },
          resources: portalResources,
          // The page is rendered on first request and kept beside the program.
          readOnlyRoot: false,
          env: [
            { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
            { name: "HOMEPAGE_ALLOWED_HOSTS", value: `$(POD_IP):${portalPort},${args.host}` },
          ],
          mounts: [
            // File by file: the folder itself must stay writable for the folder of logs in it.
            ...portalFileNames.map((file) => ({
              name: "configuration",
              mountPath: `${configurationFolder}/${file}`,
              subPath: file,
              readOnly: true,
            })),
            { name: "logs", mountPath: `${configurationFolder}/logs` },
          ],
          probes: {
            startup: {
              httpGet: { path: "/api/healthcheck", port: "http" },
              periodSeconds: 2,
              failureThreshold: 60,
            },
            readiness: { httpGet: { path: "/api/healthcheck", port: "http" }, periodSeconds: 10 },
            liveness: { httpGet: { path: "/api/healthcheck", port: "http" }, periodSeconds: 30 },
          },
        },
        volumes: [
          { name: "configuration", configMap: { name: configuration.metadata.name } },
          { name: "logs", emptyDir: { sizeLimit: "64Mi" } },
        ],
      },
      { parent: this },
    );
  }

  #publish(args: PortalArgs, ingress: IngressSettings, service: WebService): pulumi.Output<string> {
    return publicAddress(
      "portal",
      {
        metadata: this.metadata("portal"),
        host: args.host,
        service: { name: service.serviceName, port: "http" },
        ingress,
      },
      { parent: this },
    );
  }

  #openEdges(args: PortalArgs): void {
    networkAccess(
      "portal",
      {
        metadata: this.metadata("portal"),
        selector: selectorLabels(this.systemName),
        from: [{ peer: args.ingressController, port: portalPort }],
      },
      { parent: this },
    );
  }
}

/** The project's figure is about 150 MB at work. */
const portalResources = {
  requests: { cpu: "50m", memory: "160Mi" },
  limits: { cpu: "500m", memory: "384Mi" },
} as const;
