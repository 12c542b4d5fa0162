import pLimit from "p-limit";
import { testNamespace } from "./cluster.ts";
import { Harness } from "./harness.ts";
import { configMap, deployment } from "./objects.ts";
describe("bench2", () => {
  it("333", async function () {
    this.timeout(300000);
    const h = await Harness.open();
    const ns = await testNamespace();
    const limit = pLimit(16);
    const all = [...Array(300).keys()].map((i) => [`m${i}`, configMap(ns, `m${i}`, { a: String(i) })] as const).concat([...Array(30).keys()].map((i) => [`d${i}`, deployment(ns, `d${i}`)] as any));
    const time = async <T>(what: string, f: () => Promise<T>) => { const t = Date.now(); const r = await f(); console.log(what, ((Date.now() - t) / 1000).toFixed(2), process.cpuUsage().user / 1e6); return r; };
    await time("preview", () => Promise.all(all.map(([n, o]) => limit(() => h.preview(n, o)))));
    const made = await time("create", () => Promise.all(all.map(([n, o]) => limit(() => h.create(n, o)))));
    await time("diff", () => Promise.all(made.map((r, i) => limit(() => h.diff(r, all[i]![1])))));
    await time("refresh", () => Promise.all(made.map((r) => limit(() => h.refresh(r)))));
    await time("delete", () => Promise.all(made.map((r) => limit(() => h.delete(r)))));
  });
});
