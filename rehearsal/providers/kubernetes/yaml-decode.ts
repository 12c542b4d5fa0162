/** The function `kubernetes:yaml:decode`: the objects in a text of YAML documents. */
import { parseAllDocuments, type Tags } from "yaml";

import { UserError } from "../../errors.ts";
import type { Properties } from "../protocol/provider.ts";
import { UnknownKindError, type Cluster } from "./cluster.ts";
import { inNamespace, type KubernetesObject } from "./manifest.ts";
import { isMapping, textAt } from "./values.ts";

/** Dates stay texts: a manifest has no others. */
const timestamp = "tag:yaml.org,2002:timestamp";

/**
 * Takes a text of YAML documents apart. Documents that are no Kubernetes objects are left out, as the official provider does.
 *
 * @throws UserError naming the line that is no YAML.
 */
export async function decodeYaml(cluster: Cluster | undefined, args: Properties): Promise<Properties> {
  const objects = parseObjects(textAt(args, "text") ?? "");
  const namespace = textAt(args, "defaultNamespace") ?? "";
  if (namespace === "") return { result: objects };
  return { result: await Promise.all(objects.map((object) => placed(cluster, object, namespace))) };
}

function parseObjects(text: string): readonly KubernetesObject[] {
  // Kubernetes reads YAML 1.1, where `yes` is a boolean and `0777` an octal number; but `22:22` is no number to base 60 there.
  const customTags = (tags: Tags): Tags =>
    tags.filter((tag) => typeof tag !== "object" || (tag.format !== "TIME" && tag.tag !== timestamp));
  const documents = parseAllDocuments(text, { version: "1.1", merge: true, customTags });
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new UserError(`This is no valid YAML: ${error.message}`);
    const value: unknown = document.toJS();
    return isObject(value) ? [value] : [];
  });
}

function isObject(value: unknown): value is KubernetesObject {
  return isMapping(value) && value.kind !== undefined && value.apiVersion !== undefined;
}

async function placed(
  cluster: Cluster | undefined,
  object: KubernetesObject,
  namespace: string,
): Promise<KubernetesObject> {
  if (textAt(object, "metadata", "namespace") !== undefined) return object;
  return (await isNamespaced(cluster, object)) ? inNamespace(object, namespace) : object;
}

/** A kind that the server does not know is in a namespace, as most custom resources are. */
async function isNamespaced(cluster: Cluster | undefined, object: KubernetesObject): Promise<boolean> {
  try {
    return cluster === undefined || (await cluster.kindOf(object)).namespaced;
  } catch (error) {
    if (error instanceof UnknownKindError) return true;
    throw error;
  }
}
