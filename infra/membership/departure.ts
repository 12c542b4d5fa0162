import { setTimeout as pause } from "node:timers/promises";
import type { KubernetesApi } from "../kubernetes-api.ts";
import { firstPause, nextPause } from "../readiness/pauses.ts";
import { drain } from "./drain.ts";
import { nodeSchema } from "./objects.ts";
import { ask } from "./steady-api.ts";

/** How long the Node object of a control plane may take to go, in seconds: k3s removes its etcd member first. */
const farewellSeconds = 30;

/**
 * Takes a node out of its cluster: no new pods, its pods moved, its Node object deleted. With the Node object, k3s forgets the password under
 * which the node had joined, so that another server may join by the same name, and etcd forgets the member.
 *
 * @param drainSeconds how long pods have to move
 * @param say is told what happens, a line at a time
 * @throws when the API does not answer or refuses.
 */
export async function leaveCluster(
  api: KubernetesApi,
  name: string,
  drainSeconds: number,
  say: (line: string) => void,
): Promise<void> {
  const path = `/api/v1/nodes/${name}`;
  const cordoned = await ask(api, path, {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body: { spec: { unschedulable: true } },
    accepted: [404],
  });
  if (cordoned.status === 404) {
    say(`${name} is not in the cluster: nothing to do.`);
    return;
  }
  const stayed = await drain(api, nodeSchema.parse(JSON.parse(cordoned.body)), drainSeconds);
  for (const { pod, reason } of stayed) say(`Not moved, and gone with ${name}: ${pod} (${reason})`);
  await ask(api, path, { method: "DELETE", accepted: [404] });
  say(
    (await isGone(api, path))
      ? `${name} has left the cluster.`
      : `${name} is leaving: its Node object goes when another control plane has removed its etcd member.`,
  );
}

async function isGone(api: KubernetesApi, path: string): Promise<boolean> {
  const deadline = performance.now() + farewellSeconds * 1000;
  for (let milliseconds = firstPause; ; milliseconds = nextPause(milliseconds)) {
    if ((await ask(api, path, { accepted: [404] })).status === 404) return true;
    if (performance.now() >= deadline) return false;
    await pause(milliseconds);
  }
}
