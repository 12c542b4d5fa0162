import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { K3sCluster, type K3sClusterSettings } from "../../infra/k3s-cluster.ts";
import { writtenFiles } from "../../rehearsal/clouds/written-files.ts";
import { cloudAnswers, cloudState } from "../support/cloud-mocks.ts";
import { valueOf } from "../support/components.ts";
import { idOf, sshKey } from "./clouds/harness.ts";
import { isServer, type MadeResource } from "./clouds/openings.ts";

const pem = (kind: string, name: string) => `-----BEGIN ${kind}-----\n${name}\n-----END ${kind}-----\n`;

/** What providers would compute, as far as the cluster reads it. */
function computed(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  if (type === "tls:index/privateKey:PrivateKey")
    return {
      privateKeyPem: pem("EC PRIVATE KEY", name),
      privateKeyOpenssh: pem("OPENSSH PRIVATE KEY", name),
      publicKeyOpenssh: `${sshKey}\n`,
    };
  if (type.startsWith("tls:"))
    return { certPem: pem("CERTIFICATE", name), certRequestPem: pem("CERTIFICATE REQUEST", name) };
  if (type === "random:index/randomPassword:RandomPassword") return { result: "r".repeat(32) };
  return cloudState(type, name, inputs);
}

type Registered = MadeResource & { readonly name: string };

/** Builds a cluster without an engine. */
export async function build(settings: K3sClusterSettings) {
  const resources: Registered[] = [];
  const declared: pulumi.Resource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const properties = inputs as Record<string, unknown>;
        const id = idOf(`${type} ${name}`);
        resources.push({ type, name, id, inputs: properties });
        return { id, state: { ...properties, ...computed(type, name, properties) } };
      },
      call: () => cloudAnswers,
    },
    "uap",
    settings.cluster.name,
    false,
  );
  const collect = ({ resource }: pulumi.ResourceTransformationArgs) => {
    declared.push(resource);
    return undefined;
  };
  const cluster = new K3sCluster(settings, { transformations: [collect] });
  // The mocks' monitor closes with the program: what is computed step by step has to be there by then.
  const addresses = declared.map(({ urn }) => valueOf(urn));
  await Promise.all([valueOf(cluster.kubeconfig), valueOf(cluster.dns.entries), ...addresses]);
  await pulumi.runtime.disconnect();
  return { cluster, resources, settings };
}

/** A secret as the mocks hand it over, in clear. */
function revealed(value: unknown): unknown {
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}

/** The user-data of a server, whatever its cloud calls it and however it wants it packed. */
export function userDataOf({ inputs }: MadeResource): string | undefined {
  const metadata = revealed(inputs.metadatas) as { userData?: unknown }[] | undefined;
  const text = revealed(inputs.userData ?? inputs.cloudInit ?? metadata?.[0]?.userData);
  if (typeof text !== "string") return undefined;
  return text.startsWith("#") ? text : Buffer.from(text, "base64").toString("utf8");
}

/** What became of it. */
export type Built = Awaited<ReturnType<typeof build>>;

/** A file that a server's cloud-init writes. */
export function fileOf(built: Built, node: string, path: string): string {
  const { write_files: files } = parse(userDataOf(serverOf(built, node)) ?? "") as { write_files: unknown };
  return writtenFiles(files).get(path) ?? "";
}

/** The server that was ordered for a node. */
export function serverOf({ resources }: Built, node: string): Registered {
  const server = resources.find((resource) => isServer(resource) && resource.name === node);
  if (!server) throw new Error(`No server was ordered for ${node}.`);
  return server;
}
