/** Checking inputs: filling in the name and the namespace, and refusing what no server needs to be asked about. */
import { messageOf } from "../../errors.ts";
import { UnreachableError } from "../../kubernetes/kubernetes-error.ts";
import {
  containsUnknown,
  unknownValue,
  type CheckFailure,
  type CheckRequest,
  type CheckResult,
  type Properties,
} from "../protocol/provider.ts";
import { UnknownKindError, type Cluster } from "./cluster.ts";
import type { Configuration } from "./configuration.ts";
import { isPatch, toManifest } from "./manifest.ts";
import { withName } from "./naming.ts";
import { waitForRule } from "./readiness/wait-for.ts";
import { at, isMapping, textAt } from "./values.ts";

/** Types that are no single object, with what to use instead. */
const refused: Readonly<Record<string, string>> = {
  "kubernetes:helm.sh/v3:Release":
    "The stand-in provider cannot run Helm releases: render the chart (`helm.v4.Chart`), or install the official plugin.",
};

/** Checks a resource's inputs. */
export async function check(
  cluster: Cluster | undefined,
  configuration: Configuration,
  request: CheckRequest,
): Promise<CheckResult> {
  if (request.olds !== undefined && configuration.skipUpdateUnreachable && !(await answers(cluster))) {
    return { inputs: request.olds };
  }
  const problems = findProblems(request);
  if (problems.length > 0) return { inputs: request.news, failures: problems };
  const named = isPatch(request.type, request.news.kind)
    ? request.news
    : withName(request.news, request.olds, request.name, request.randomSeed);
  return { inputs: await withNamespace(cluster, named, request.olds) };
}

function findProblems({ type, news }: CheckRequest): readonly CheckFailure[] {
  const reason = refused[type];
  if (reason !== undefined) return [{ property: "", reason }];
  const failures: CheckFailure[] = [];
  const kind = textAt(news, "kind");
  for (const property of ["apiVersion", "kind"]) {
    if (textAt(news, property) === undefined) {
      failures.push({ property, reason: `every Kubernetes object needs a text \`${property}\`` });
    }
  }
  if (kind?.endsWith("List") === true && Array.isArray(news.items)) {
    failures.push({
      property: "kind",
      reason: `a ${kind} is no object of its own: create its items one by one`,
    });
  }
  return [...failures, ...findMetadataProblems(type, news)];
}

function findMetadataProblems(type: string, news: Properties): readonly CheckFailure[] {
  const metadata = news.metadata;
  const unknown = metadata === unknownValue;
  if (metadata !== undefined && metadata !== null && !unknown && !isMapping(metadata)) {
    return [{ property: "metadata", reason: "must be an object with a name, labels and so on" }];
  }
  const failures: CheckFailure[] = [];
  const name = at(metadata, "name");
  if (name !== undefined && name !== null && typeof name !== "string") {
    failures.push({ property: "metadata.name", reason: `must be a text, not ${JSON.stringify(name)}` });
  }
  if (isPatch(type, news.kind) && name === undefined && !unknown) {
    failures.push({ property: "metadata.name", reason: "a patch needs the name of the object to patch" });
  }
  if (at(metadata, "generateName") !== undefined && name === undefined) {
    const reason = "is not supported by server-side apply: leave it out, and Pulumi makes a unique name";
    failures.push({ property: "metadata.generateName", reason });
  }
  return [...failures, ...findAnnotationProblems(news)];
}

function findAnnotationProblems(news: Properties): readonly CheckFailure[] {
  if (containsUnknown(at(news, "metadata", "annotations"))) return [];
  try {
    waitForRule(news);
    return [];
  } catch (error) {
    return [{ property: "metadata.annotations", reason: messageOf(error) }];
  }
}

async function answers(cluster: Cluster | undefined): Promise<boolean> {
  try {
    await cluster?.reach();
    return cluster !== undefined;
  } catch (error) {
    if (error instanceof UnreachableError) return false;
    throw error;
  }
}

/** Inputs with the namespace where the object will be. A kind that nobody knows yet gets its namespace when it is created. */
async function withNamespace(
  cluster: Cluster | undefined,
  inputs: Properties,
  olds: Properties | undefined,
): Promise<Properties> {
  const metadata = inputs.metadata;
  if (!isMapping(metadata) || at(metadata, "namespace") !== undefined) return inputs;
  const namespace = await defaultNamespace(cluster, inputs, olds);
  return namespace === undefined ? inputs : { ...inputs, metadata: { ...metadata, namespace } };
}

async function defaultNamespace(
  cluster: Cluster | undefined,
  inputs: Properties,
  olds: Properties | undefined,
): Promise<string | undefined> {
  const former = textAt(olds, "metadata", "namespace");
  try {
    if (cluster === undefined) return former;
    await cluster.reach();
    const { namespaced } = await cluster.kindOf(toManifest(inputs));
    return namespaced ? cluster.namespace : undefined;
  } catch (error) {
    if (error instanceof UnreachableError || error instanceof UnknownKindError) return former;
    throw error;
  }
}
