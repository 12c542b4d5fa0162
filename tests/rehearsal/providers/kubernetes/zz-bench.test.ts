import * as kubernetes from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import { TestEngine } from "../engine.ts";
import { testCluster, testNamespace } from "./cluster.ts";
describe("bench", () => {
  it("333", async function () {
    this.timeout(300000);
    const { kubeconfig } = (await testCluster()).running;
    const ns = await testNamespace();
    const engine = await TestEngine.open({ PULUMI_PARALLEL_DIFF: "true" });
    const floor = async () => { for (let i = 0; i < 333; i++) new random.RandomInteger(`r${i}`, { min: 1, max: 9 }); };
    const program = (tag: string) => async () => {
      const provider = new kubernetes.Provider("c", { kubeconfig, enableConfigMapMutable: true });
      for (let i = 0; i < 300; i++) new kubernetes.core.v1.ConfigMap(`m${i}`, { metadata: { namespace: ns, name: `m${i}` }, data: { a: String(i), tag } }, { provider });
      for (let i = 0; i < 30; i++) {
        const labels = { app: `d${i}` };
        new kubernetes.apps.v1.Deployment(`d${i}`, { metadata: { namespace: ns, name: `d${i}` }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "nginx:1" }] } } } }, { provider });
      }
    };
    const time = async (what: string, f: () => Promise<unknown>) => { const t = Date.now(); await f(); console.log(what, ((Date.now() - t) / 1000).toFixed(1)); };
    await time("floor preview", () => engine.preview(floor));
    await time("floor up", () => engine.up(floor));
    await time("floor destroy", () => engine.destroy());
    await time("preview", () => engine.preview(program("1")));
    await time("up", () => engine.up(program("1")));
    await time("noop", () => engine.up(program("1")));
    await time("refresh", () => engine.refresh());
    await time("destroy", () => engine.destroy());
    await engine.close();
  });
});
