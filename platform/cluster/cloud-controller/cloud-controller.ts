import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../kit/checksum.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { createServiceAccount, type AccessRule } from "../../kit/service-account.ts";
import { System } from "../../kit/system.ts";
import { configurationPath, tokenSecret, type CloudProgram } from "./clouds.ts";
import { cloudControllerPods } from "./pods.ts";

export interface CloudControllerArgs {
  /** The cluster as it is before any node takes pods. */
  readonly provider: kubernetes.Provider;
  readonly image: string;
  readonly program: CloudProgram;
  /** The cloud's API token; without it, somebody else makes the Secret, or the cloud asks for none. */
  readonly token: pulumi.Output<string> | undefined;
  /** What lets the controller speak to its cloud, beside the token. @default nothing */
  readonly rights?: (parent: pulumi.Resource) => pulumi.Resource;
  /** What must be there before, such as the pod network. @default nothing */
  readonly dependsOn?: readonly pulumi.Resource[];
}

/**
 * The cloud's own controller: tells Nodes their addresses, zones and server types, opens them to pods, and makes load balancers for Services
 * where the cloud allows for it. It comes before everything else that runs in pods, into Kubernetes' own namespace, and goes after it: load
 * balancers are gone by then.
 *
 * It never deletes a Node: the controller that would is not started, and its account has no right to.
 */
export class CloudController extends System {
  constructor(args: CloudControllerArgs) {
    const { dependsOn = [], provider, rights } = args;
    super(
      { name: "cloud-controller", layer: "cluster" },
      { provider, namespace: pulumi.output("kube-system") },
    );
    this.#createController(args, [
      ...dependsOn,
      ...createServiceAccount(
        this.systemName,
        { metadata: this.metadata(this.systemName), clusterRules: rules },
        { parent: this },
      ),
      ...this.#createToken(args.token),
      ...this.#createFiles(args.program),
      ...(rights ? [rights(this)] : []),
    ]);
    this.registerOutputs();
  }

  #createToken(token: CloudControllerArgs["token"]): pulumi.Resource[] {
    if (!token) return [];
    const texts = token.apply((text) => ({ [tokenSecret.key]: text }));
    return [secretObject("cloud-controller-token", this.metadata(tokenSecret.name), texts, { parent: this })];
  }

  #createFiles({ configuration }: CloudProgram): pulumi.Resource[] {
    if (configuration === undefined) return [];
    const data = { [configurationPath.file]: configuration };
    const metadata = this.metadata(this.systemName);
    return [new kubernetes.core.v1.ConfigMap(this.systemName, { metadata, data }, { parent: this })];
  }

  #createController(args: CloudControllerArgs, dependsOn: pulumi.Resource[]): void {
    const { image, program, token } = args;
    const metadata = this.metadata(this.systemName);
    const read = { configuration: program.configuration ?? "" };
    new kubernetes.apps.v1.Deployment(
      this.systemName,
      {
        metadata,
        spec: {
          // Nodes that run already do not need it, so that one is enough; two would both make load balancers.
          replicas: 1,
          strategy: { type: "Recreate" },
          selector: { matchLabels: selectorLabels(this.systemName) },
          template: cloudControllerPods({
            ...{ image, program, labels: metadata.labels, account: this.systemName, files: this.systemName },
            checksum: token ? checksum(read, pulumi.all({ token })) : checksum(read),
          }),
        },
      },
      { parent: this, dependsOn },
    );
  }
}

/** Nodes are looked at and changed, never deleted. */
const rules: AccessRule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch", "update", "patch"] },
  { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
  { apiGroups: [""], resources: ["services"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["services/status"], verbs: ["update", "patch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "update", "patch"] },
];
