import assert from "node:assert/strict";
import { explain, type Handwork } from "../../../infra/readiness/explanation.ts";
import { obstacleOf, type Obstacle } from "../../../infra/readiness/obstacle.ts";
import { firstPause, nextPause } from "../../../infra/readiness/pauses.ts";
import { nodesObstacle } from "../../../infra/readiness/probe.ts";

const nothing: Handwork = { machines: [], seeds: ".nodes/dev", records: [] };
const nodes = (missing: readonly string[], unready: readonly string[] = []): Obstacle => ({
  kind: "nodes",
  missing,
  unready,
});

describe("what stands in the way of a cluster", () => {
  it("is told with what to do", () => {
    const advice = (obstacle: Obstacle) => explain(obstacle, nothing).advice.join("\n");
    assert.match(advice({ kind: "name", host: "api.a.b" }), /delegated to the DNS provider of uap:dns/);
    assert.match(advice({ kind: "port", host: "h", port: "1" }), /uap-bootstrap\.log/);
    assert.match(advice({ kind: "silence", host: "h", port: "1" }), /uap:access\.operatorCidrs/);
    assert.match(advice({ kind: "refusal", status: 401 }), /another cluster\. Replace its nodes/);
  });

  it("is a name whose records a person enters, when no provider does", () => {
    const records = ["api.a.b A 192.0.2.1", "*.a.b A 192.0.2.2"];
    assert.deepEqual(explain({ kind: "name", host: "api.a.b" }, { ...nothing, records }), {
      seen: "the name api.a.b does not resolve yet.",
      advice: ["Enter these DNS records by hand:", "  api.a.b A 192.0.2.1", "  *.a.b A 192.0.2.2"],
    });
  });

  it("is told in the system's words when nobody foresaw it", () => {
    const seen = obstacleOf(new Error("the moon is full"), new URL("https://h"));
    assert.equal(explain(seen, nothing).seen, "the moon is full.");
  });

  it("is a machine that somebody has to boot, before any log is read", () => {
    const handwork = { ...nothing, machines: ["lab-1", "lab-2"] };
    const boot = "Boot lab-1 from the files in .nodes/dev, a folder for each machine.";
    assert.deepEqual(explain(nodes(["lab-1"]), handwork).advice, [boot]);
    const { advice } = explain(nodes(["lab-1", "node-1"], ["lab-2"]), handwork);
    assert.equal(advice[0], boot);
    assert.match(advice[1] ?? "", /uap-bootstrap\.log/);
    assert.doesNotMatch(explain(nodes([], ["lab-2"]), handwork).advice.join("\n"), /Boot/);
  });

  it("names all of a hundred nodes in one line, or as many as are asked for", () => {
    const names = Array.from({ length: 100 }, (_, index) => `node-${index + 1}`);
    const whole = explain(nodes(names, ["other"]), nothing).seen;
    assert.equal(
      whole,
      `these nodes have not joined: ${names.join(", ")}; these nodes are not ready: other.`,
    );
    const short = explain(nodes(names), nothing, 2).seen;
    assert.equal(short, "these nodes have not joined: node-1, node-2 and 98 more.");
  });

  it("is a label that the API server refuses, in the server's words", () => {
    const obstacle: Obstacle = { kind: "marks", node: "node-1", detail: "the key is too long" };
    const { seen, advice } = explain(obstacle, nothing);
    assert.equal(seen, "labels, taints and annotations of node-1 cannot be written: the key is too long.");
    assert.match(advice.join("\n"), /uap:pools/);
  });

  it("is a node that is not ready", () => {
    const node = (name: string, status: string) => ({
      metadata: { name },
      status: { conditions: [{ type: "Ready", status }] },
    });
    const list = [node("a", "True"), node("b", "False")];
    assert.deepEqual(nodesObstacle(["a", "b", "c"], list), { kind: "nodes", missing: ["c"], unready: ["b"] });
    assert.equal(nodesObstacle(["a"], list), undefined);
  });
});

describe("the pauses between looks", () => {
  it("are short at first and five seconds in the end", () => {
    let waited = 0;
    let looks = 0;
    for (let pause = firstPause; waited < 900_000; pause = nextPause(pause)) {
      assert.ok(pause <= 200 + waited / 4, `${pause} ms after ${waited} ms`);
      waited += pause;
      looks++;
    }
    assert.ok(looks < 200, `${looks} looks in a quarter of an hour`);
  });
});
