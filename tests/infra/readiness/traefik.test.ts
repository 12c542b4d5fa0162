import assert from "node:assert/strict";
import { apiAccess, KubernetesApi, type ApiAnswer } from "../../../infra/kubernetes-api.ts";
import { explain } from "../../../infra/readiness/explanation.ts";
import type { Obstacle } from "../../../infra/readiness/obstacle.ts";
import { look } from "../../../infra/readiness/probe.ts";
import { traefikObstacle } from "../../../infra/readiness/traefik.ts";
import { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import { startKubernetes, type RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import { registerNode } from "../../../rehearsal/kubernetes/simulated-node.ts";
import { clusterTools, testFolder, until } from "../../rehearsal/kubernetes/cluster.ts";

const job = "helm-install-traefik-crd";
const machine = { cpu: "4", memory: "8Gi" };

/** An API server that gives these answers, by path; whatever else it is asked for is not there. */
class Answering extends KubernetesApi {
  readonly #answers: readonly (readonly [path: string, answer: unknown])[];

  constructor(answers: Readonly<Record<string, unknown>>) {
    super({ server: new URL("https://127.0.0.1:1"), authority: "", certificate: "", key: "" });
    this.#answers = Object.entries(answers);
  }

  override request(path: string): Promise<ApiAnswer> {
    const [, answer] = this.#answers.find(([known]) => path.startsWith(known)) ?? [];
    return Promise.resolve(
      answer === undefined ? { status: 404, body: "{}" } : { status: 200, body: JSON.stringify(answer) },
    );
  }
}

async function seenOf(answers: Readonly<Record<string, unknown>>): Promise<string | undefined> {
  const obstacle = await traefikObstacle(new Answering(answers));
  return obstacle && explain(obstacle, { machines: [], seeds: "", records: [] }).seen;
}

const jobPath = `/apis/batch/v1/namespaces/kube-system/jobs/${job}`;
const podsPath = "/api/v1/namespaces/kube-system/pods";
const kindsPath = "/apis/traefik.io/v1alpha1";

describe("the wait for k3s' Traefik", () => {
  it("tells how far the Job is that installs its kinds", async () => {
    const pulling = {
      status: { containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff" } } }] },
    };
    const running = { status: { phase: "Running" } };
    const states = [
      [{}, `k3s has not started the Job ${job}`],
      [{ [jobPath]: {}, [podsPath]: { items: [] } }, `the Job ${job} has no pod`],
      [
        { [jobPath]: {}, [podsPath]: { items: [pulling] } },
        `the Job ${job} waits to start (ImagePullBackOff)`,
      ],
      [
        { [jobPath]: { status: { failed: 3 } }, [podsPath]: { items: [running] } },
        `the Job ${job} is running, and has failed 3 times`,
      ],
      [
        { [jobPath]: { status: { succeeded: 1 } }, [kindsPath]: { resources: [] } },
        `the Job ${job} is done, and the API server does not serve them yet`,
      ],
    ] as const;
    for (const [answers, state] of states)
      assert.equal(await seenOf(answers), `k3s has not installed the kinds of its Traefik yet: ${state}.`);
    assert.equal(await seenOf({ [kindsPath]: { resources: [{ name: "middlewares" }] } }), undefined);
  });

  it("says where to look when it never comes", () => {
    const obstacle: Obstacle = { kind: "traefik", detail: "" };
    const { advice } = explain(obstacle, { machines: [], seeds: "", records: [] });
    assert.match(advice.join("\n"), /kubectl --namespace kube-system logs job\/helm-install-traefik-crd/);
  });

  describe("on a cluster whose nodes are ready and take no pods", () => {
    let running: RunningKubernetes;
    before(async () => {
      const taints = [{ key: "dedicated", value: "master", effect: "NoSchedule" }] as const;
      running = await startKubernetes({
        name: "waits",
        folder: testFolder(),
        tools: await clusterTools(),
        nodes: [{ name: "master", ...machine, taints }],
        traefik: "by a Job",
      });
    });
    after(() => running.stop());

    it("says so, is for those who need web pages only, and ends when a node takes them", async () => {
      const api = new KubernetesApi(apiAccess(running.kubeconfig));
      const client = new KubernetesClient(running.kubeconfig);
      try {
        const expected = { nodes: ["master"], traefik: true };
        const detail = await until(async () => {
          const seen = await look(api, expected);
          return seen?.kind === "traefik" && seen.detail.includes("no node") ? seen.detail : undefined;
        });
        assert.match(detail, /finds no node \(.*taint.*\)$/);
        assert.equal(await look(api, { nodes: ["master"] }), undefined);
        const worker = { name: "worker", address: "192.0.2.1", ...machine };
        await registerNode(client, worker, new AbortController().signal);
        await until(async () => ((await look(api, expected)) === undefined ? true : undefined));
      } finally {
        api.close();
        await client.close();
      }
    });
  });
});
