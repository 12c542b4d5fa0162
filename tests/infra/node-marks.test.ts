import assert from "node:assert/strict";
import fc from "fast-check";
import {
  marksPatch,
  marksText,
  parseMarks,
  recordAnnotation,
  type MarkedNode,
  type MarksPatch,
  type NodeMarks,
} from "../../infra/node-marks.ts";

type Texts = Readonly<Record<string, string>>;

function node(labels: Texts = {}, taints: MarkedNode["spec"]["taints"] = [], annotations: Texts = {}) {
  return { metadata: { name: "worker-1", resourceVersion: "7", labels, annotations }, spec: { taints } };
}

const none: NodeMarks = { labels: {}, taints: [], annotations: {} };

/** What the API server makes of a merge patch. */
function patched(before: MarkedNode, patch: MarksPatch | undefined): MarkedNode {
  const merge = (present: Texts, changes: Readonly<Record<string, string | null>> = {}) =>
    Object.fromEntries(
      Object.entries({ ...present, ...changes }).filter(
        (entry): entry is [string, string] => entry[1] !== null,
      ),
    );
  const { labels, annotations } = before.metadata;
  return {
    metadata: {
      ...before.metadata,
      labels: merge(labels, patch?.metadata.labels),
      annotations: merge(annotations, patch?.metadata.annotations),
    },
    spec: { taints: [...(patch?.spec?.taints ?? before.spec.taints)] },
  };
}

const marked = (before: MarkedNode, wanted: NodeMarks) => patched(before, marksPatch(before, wanted));
const identities = ({ spec }: MarkedNode) => spec.taints.map(({ key, effect }) => `${key}:${effect}`);

describe("the marks of a Node", () => {
  it("are what is wanted, and a note of it, written only if nobody else was quicker", () => {
    const wanted = { labels: { disk: "ssd" }, taints: ["dedicated=pi:NoSchedule"], annotations: { a: "1" } };
    assert.deepEqual(marksPatch(node(), wanted), {
      metadata: {
        resourceVersion: "7",
        labels: { disk: "ssd" },
        annotations: {
          a: "1",
          [recordAnnotation]: '{"labels":["disk"],"taints":["dedicated:NoSchedule"],"annotations":["a"]}',
        },
      },
      spec: { taints: [{ key: "dedicated", value: "pi", effect: "NoSchedule" }] },
    });
  });

  it("change in place: only what differs is written", () => {
    const before = marked(node(), { ...none, labels: { a: "1", b: "1" }, taints: ["x=1:NoSchedule"] });
    assert.deepEqual(
      marksPatch(before, { ...none, labels: { a: "2", b: "1" }, taints: ["x=1:NoSchedule"] }),
      {
        metadata: { resourceVersion: "7", labels: { a: "2" } },
      },
    );
    const { spec } = marked(before, { ...none, labels: { a: "1", b: "1" }, taints: ["x=2:NoSchedule"] });
    assert.deepEqual(spec.taints, [{ key: "x", value: "2", effect: "NoSchedule" }]);
  });

  it("go when they are wanted no longer, by effect too, and leave those of others", () => {
    const notReady = {
      key: "node.kubernetes.io/not-ready",
      value: "",
      effect: "NoExecute",
      timeAdded: "now",
    };
    const cordon = { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" };
    const theirs = node({ "kubernetes.io/os": "linux" }, [notReady, cordon], { "k3s.io/hostname": "w" });
    const taints = ["dedicated:NoExecute", "dedicated:NoSchedule"];
    const before = marked(theirs, { labels: { disk: "ssd" }, taints, annotations: { a: "1" } });
    assert.deepEqual(marked(before, { ...none, taints: ["dedicated:NoSchedule"] }).spec.taints, [
      notReady,
      cordon,
      { key: "dedicated", value: "", effect: "NoSchedule" },
    ]);
    const { metadata, spec } = marked(before, none);
    assert.deepEqual(spec.taints, [notReady, cordon]);
    assert.deepEqual(metadata.labels, { "kubernetes.io/os": "linux" });
    assert.deepEqual(Object.keys(metadata.annotations).sort(), ["k3s.io/hostname", recordAnnotation]);
  });

  it("are the program's own labels also without a note: a node joins as it was ordered once", () => {
    const fixed = { "uap.dev/spot": "true", disk: "ssd" };
    const joined = node({ "uap.dev/ingress": "true", "uap.dev/role": "worker", ...fixed });
    const { labels } = marked(joined, { ...none, labels: { "uap.dev/role": "worker" } }).metadata;
    assert.deepEqual(labels, { "uap.dev/role": "worker", ...fixed });
  });

  for (const spoiled of ["", "{", "null", '{"labels":"all"}']) {
    it(`are written anew when the note is spoiled: ${JSON.stringify(spoiled)}`, () => {
      const before = node({ theirs: "1" }, [], { [recordAnnotation]: spoiled });
      const after = marked(before, { ...none, labels: { disk: "ssd" } });
      assert.deepEqual(after.metadata.labels, { theirs: "1", disk: "ssd" });
      assert.equal(marksPatch(after, { ...none, labels: { disk: "ssd" } }), undefined);
    });
  }
});

/** Few keys, so that those of the program and of others meet. */
const key = fc.constantFrom("a", "b", "c", "uap.dev/gpu", "constructor");
const effect = fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute");
const texts = fc.dictionary(key, fc.constantFrom("", "1", "2"), { noNullPrototype: true });
const taints = fc.uniqueArray(fc.record({ key, value: fc.constantFrom("", "1", "2"), effect }), {
  selector: ({ key: name, effect: what }) => `${name}:${what}`,
});
const marks: fc.Arbitrary<NodeMarks> = fc.record({
  labels: texts,
  taints: taints.map((all) => all.map(({ key: name, value, effect: what }) => `${name}=${value}:${what}`)),
  annotations: texts,
});
const anyNode = fc.tuple(texts, taints, texts).map((parts) => node(...parts));

describe("the marks of any Node", () => {
  it("hold what is wanted, and are then left alone", () => {
    fc.assert(
      fc.property(anyNode, marks, marks, (before, first, second) => {
        const after = marked(marked(before, first), second);
        for (const kind of ["labels", "annotations"] as const)
          for (const [name, value] of Object.entries(second[kind]))
            assert.equal(after.metadata[kind][name], value);
        const has = after.spec.taints.map(({ key: name, value, effect: what }) => `${name}=${value}:${what}`);
        for (const taint of second.taints) assert.ok(has.includes(taint), taint);
        assert.equal(new Set(identities(after)).size, after.spec.taints.length);
        assert.equal(marksPatch(after, second), undefined);
      }),
    );
  });

  it("hold nothing that was wanted before, and all that was never the program's", () => {
    fc.assert(
      fc.property(anyNode, marks, marks, (before, first, second) => {
        const after = marked(marked(before, first), second);
        for (const kind of ["labels", "annotations"] as const) {
          const wanted = new Set(Object.keys(second[kind]));
          const former = new Set(Object.keys(first[kind]));
          for (const name of former)
            if (!wanted.has(name)) assert.ok(!Object.hasOwn(after.metadata[kind], name));
          for (const [name, value] of Object.entries(before.metadata[kind])) {
            const isOurs = wanted.has(name) || former.has(name);
            if (isOurs || (kind === "labels" && name === "uap.dev/gpu")) continue;
            assert.equal(after.metadata[kind][name], value);
          }
        }
        const identity = (taint: string) => taint.replace(/=[^:]*/, "");
        const wanted = new Set(second.taints.map(identity));
        const former = new Set(first.taints.map(identity));
        for (const one of former) if (!wanted.has(one)) assert.ok(!identities(after).includes(one));
        for (const one of identities(before))
          if (!former.has(one)) assert.ok(identities(after).includes(one), one);
      }),
    );
  });
});

describe("marks as a text", () => {
  it("come back as they were, and differ only where the marks do", () => {
    const turned = <Value>(record: Readonly<Record<string, Value>>) =>
      Object.fromEntries(Object.entries(record).reverse());
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("worker-1", "constructor"), marks), (all) => {
        const text = marksText(all);
        const parsed = parseMarks(text);
        assert.deepEqual([...parsed.keys()].sort(), Object.keys(all).sort());
        for (const [name, { labels, taints: wanted, annotations }] of Object.entries(all)) {
          const sorted = { labels, taints: [...wanted].sort(), annotations };
          assert.deepEqual(parsed.get(name), sorted);
        }
        const otherwise = Object.entries(all).map(([name, { labels, taints: wanted, annotations }]) => [
          name,
          { labels: turned(labels), taints: wanted.toReversed(), annotations: turned(annotations) },
        ]);
        assert.equal(marksText(turned(Object.fromEntries(otherwise) as typeof all)), text);
      }),
    );
    assert.equal(parseMarks("").size, 0);
  });
});
