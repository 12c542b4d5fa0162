import assert from "node:assert/strict";

import { KubernetesError, UnreachableError } from "../../../rehearsal/kubernetes/kubernetes-error.ts";
import { isPassing, retry } from "../../../rehearsal/kubernetes/retry.ts";

const refusal = (code: number, message = "no") => new KubernetesError({ kind: "Status", code, message });
const network = (code: string) =>
  new UnreachableError("https://127.0.0.1:1", Object.assign(new Error(), { code }));

describe("Asking the API server again", () => {
  const signal = new AbortController().signal;

  /** An operation that fails some times before it succeeds. */
  function failing(times: number, error: Error) {
    let calls = 0;
    const operation = () => (++calls <= times ? Promise.reject(error) : Promise.resolve(calls));
    return { operation, calls: () => calls };
  }

  it("go on until the operation succeeds", async () => {
    const { operation } = failing(2, refusal(503));
    assert.equal(await retry(operation, { patience: 5_000, when: isPassing, signal }), 3);
  });

  it("end with the last failure when the patience does", async () => {
    const { operation, calls } = failing(99, refusal(503));
    await assert.rejects(retry(operation, { patience: 150, when: isPassing, signal }), { status: 503 });
    assert.equal(calls(), 2);
  });

  it("are not tried on what does not pass", async () => {
    const { operation, calls } = failing(99, refusal(403));
    await assert.rejects(retry(operation, { patience: 5_000, when: isPassing, signal }), { status: 403 });
    assert.equal(calls(), 1);
  });

  it("end when the engine gives up", async () => {
    const controller = new AbortController();
    const { operation } = failing(99, refusal(503));
    const retried = retry(operation, { patience: 60_000, when: isPassing, signal: controller.signal });
    controller.abort();
    await assert.rejects(retried, { name: "AbortError" });
  });

  it("are for servers that are busy or restart", () => {
    const passing = [
      refusal(429),
      refusal(503),
      refusal(504),
      refusal(500, "etcdserver: leader changed"),
      // Seen of a server that had just been started again.
      refusal(
        500,
        'Internal error occurred: failed to allocate a serviceIP for Service "mqtt": range is full',
      ),
    ];
    for (const error of [
      ...passing,
      network("ECONNREFUSED"),
      network("ECONNRESET"),
      network("UND_ERR_SOCKET"),
    ]) {
      assert.equal(isPassing(error), true, error.message);
    }
  });

  it("are not for refusals, wrong certificates and our own mistakes", () => {
    const lasting = [
      refusal(403),
      refusal(409),
      refusal(422),
      refusal(500),
      refusal(500, 'Internal error occurred: failed calling webhook "webhook.cert-manager.io": x509'),
      new TypeError("no"),
    ];
    for (const error of [...lasting, network("CERT_HAS_EXPIRED"), network("DEPTH_ZERO_SELF_SIGNED_CERT")]) {
      assert.equal(isPassing(error), false, error.message);
    }
  });
});
