import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { podTemplate, probeBoth, type ContainerArgs, type Resources } from "../../kit/container.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { createServiceAccount } from "../../kit/service-account.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { cephUser } from "./resources.ts";

interface CleanupArgs {
  readonly metadata: ObjectMetadata;
  /** An image with Python, such as Ceph's own. */
  readonly image: string;
}

/** The pod sleeps; at its end it asks the API some times. */
const resources = {
  requests: { cpu: "5m", memory: "24Mi" },
  limits: { cpu: "200m", memory: "96Mi" },
} as const satisfies Resources;

/** Seconds that the nodes may take to become clean. */
const longestCleanup = 900;

/**
 * A pod that will not go before Rook has cleaned the nodes, once its cluster is gone: Rook starts the Jobs that do it only then, and nothing
 * else would wait for them. On any other day it goes at once.
 *
 * @param options `dependsOn` names Rook's charts, which stay as long as the pod does
 * @returns what the cluster depends on, so that it goes first
 */
export function awaitCleanup(
  name: string,
  { image, metadata }: CleanupArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): kubernetes.apps.v1.Deployment {
  const { parent } = options;
  const account = createServiceAccount(name, { metadata, rules }, { parent });
  const selector = selectorLabels("rook-ceph", name);
  return new kubernetes.apps.v1.Deployment(
    name,
    {
      metadata,
      spec: {
        selector: { matchLabels: selector },
        template: podTemplate({
          labels: metadata.labels,
          selector,
          user: cephUser,
          serviceAccount: metadata.name,
          terminationGracePeriodSeconds: longestCleanup + 30,
          containers: [container(image, metadata)],
        }),
      },
    },
    {
      parent,
      dependsOn: [...options.dependsOn, ...account],
      customTimeouts: { delete: "20m" },
    },
  );
}

function container(image: string, { namespace }: ObjectMetadata): ContainerArgs {
  return {
    name: "cleanup",
    image,
    command: ["sleep", "infinity"],
    env: [{ name: "NAMESPACE", value: namespace }],
    resources,
    lifecycle: { preStop: { exec: { command: ["python3", "-c", cleanupScript] } } },
    probes: probeBoth({ exec: { command: ["true"] } }),
  };
}

/** It may look at what Rook makes, and change nothing. */
const rules = [
  ["", "pods"],
  ["batch", "jobs"],
  ["ceph.rook.io", "cephclusters"],
].map(([apiGroup = "", resource = ""]) => ({
  apiGroups: [apiGroup],
  resources: [resource],
  verbs: ["list"],
}));

/**
 * Waits until no daemon is left and every Job of Rook's cleanup has succeeded; goes at once while there is a cluster. The API server's
 * address, the token and the authority are where Kubernetes puts them.
 */
export const cleanupScript = `
import json, os, ssl, time, urllib.request

api = os.environ.get("API", "https://kubernetes.default.svc")
folder = os.environ.get("ACCOUNT", "/var/run/secrets/kubernetes.io/serviceaccount")
pause = float(os.environ.get("PAUSE", "5"))
namespace = os.environ["NAMESPACE"]
daemons = ["rook-ceph-mon", "rook-ceph-mgr", "rook-ceph-osd", "rook-ceph-mds", "rook-ceph-rgw"]
trust = ssl.create_default_context(cafile=folder + "/ca.crt") if api.startswith("https") else None

def listed(path):
    with open(folder + "/token") as token:
        headers = {"Authorization": "Bearer " + token.read()}
    request = urllib.request.Request(api + path, headers=headers)
    with urllib.request.urlopen(request, context=trust, timeout=10) as answer:
        return json.load(answer)["items"]

def is_clean():
    pods = listed("/api/v1/namespaces/%s/pods" % namespace)
    if any(pod["metadata"].get("labels", {}).get("app") in daemons for pod in pods):
        return False
    selector = "?labelSelector=rook-ceph-cleanup%3Dtrue"
    jobs = listed("/apis/batch/v1/namespaces/%s/jobs%s" % (namespace, selector))
    return len(jobs) > 0 and all(job["status"].get("succeeded") for job in jobs)

def goes_on():
    return bool(listed("/apis/ceph.rook.io/v1/namespaces/%s/cephclusters" % namespace))

end = time.monotonic() + ${longestCleanup}
while time.monotonic() < end:
    try:
        if goes_on() or is_clean():
            break
    except OSError as error:
        print(error)
    time.sleep(pause)
`;
