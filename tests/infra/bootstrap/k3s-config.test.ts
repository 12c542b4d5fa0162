import assert from "node:assert/strict";
import { parse } from "yaml";

import { k3sConfiguration } from "../../../infra/bootstrap/k3s-config.ts";
import { complainAboutSettings } from "../../../infra/bootstrap/k3s-flags.ts";
import { serviceOf } from "../../../infra/bootstrap/node-bootstrap.ts";
import { parseJoinToken } from "../../../infra/bootstrap/token.ts";
import { bootstrapOf, namedIdentity, networks } from "./nodes.ts";
import type { Wish } from "./nodes.ts";

const identity = namedIdentity();

function settingsOf(wish: Wish): Record<string, unknown> {
  return parse(k3sConfiguration(bootstrapOf(wish), identity)) as Record<string, unknown>;
}

const store = {
  endpoint: "s3.example.org",
  insecure: true,
  bucket: "snapshots",
  region: "eu",
  folder: "dev",
  accessKey: "the-access-key",
  secretKey: "the-secret-key",
};

describe("the configuration of k3s", () => {
  it("has nothing but flags that k3s documents, each with a value of the right kind", () => {
    for (const network of networks) {
      for (const role of ["control-plane", "worker", "sensor"] as const) {
        const cluster = { snapshots: { schedule: "0 1 * * *", retention: 3, store } };
        const settings = settingsOf({ role, network, taints: ["dedicated=pi:NoSchedule"], cluster });
        assert.deepEqual(complainAboutSettings(serviceOf(role).command, settings), [], `${role} ${network}`);
      }
    }
  });

  it("is refused by that check when a flag does not exist, is the server's only, or has another kind", () => {
    assert.deepEqual(
      complainAboutSettings("agent", { "cluster-init": true, "node-nam": "a", "node-taint": 5, token: "t" }),
      [
        "k3s agent has no flag --cluster-init.",
        "k3s agent has no flag --node-nam.",
        "--node-taint takes a list, not 5.",
      ],
    );
  });

  it("gives agents their own token, and nothing that only control planes may know", () => {
    const { token, ...rest } = settingsOf({ role: "worker" });
    assert.equal(token, identity.agentToken);
    assert.ok(!JSON.stringify(rest).includes(parseJoinToken(identity.serverToken).secret));
    const server = settingsOf({ role: "control-plane" });
    assert.equal(server.token, identity.serverToken);
    assert.equal(server["agent-token"], parseJoinToken(identity.agentToken).secret);
  });

  it("registers the node with its labels and taints, and leaves them alone at later starts", () => {
    const settings = settingsOf({ labels: { zone: "b", disk: "ssd" }, taints: ["dedicated=pi:NoSchedule"] });
    const labels = "node-labels=disk=ssd,topology.kubernetes.io/region=nbg1,zone=b";
    assert.ok((settings["kubelet-arg"] as string[]).includes(labels), String(settings["kubelet-arg"]));
    assert.equal(settings["node-label"], undefined, "k3s sets them again whenever it starts");
    assert.deepEqual(settings["node-taint"], ["dedicated=pi:NoSchedule"]);
  });

  it("encrypts secrets at rest and names the API's host in the certificate", () => {
    const settings = settingsOf({ role: "control-plane" });
    assert.equal(settings["secrets-encryption"], true);
    assert.deepEqual(settings["tls-san"], ["api.dev.example.org"]);
  });

  it("chooses the backend of the pod network", () => {
    const backends = networks.map((network) => {
      const settings = settingsOf({ role: "control-plane", network });
      return [settings["flannel-backend"], settings["flannel-external-ip"]];
    });
    assert.deepEqual(backends, [
      ["vxlan", undefined],
      ["wireguard-native", true],
      ["none", undefined],
    ]);
  });

  it("copies snapshots to S3 when there is a store, on the control planes alone", () => {
    const cluster = { snapshots: { schedule: "0 1 * * *", retention: 3, store } };
    const settings = settingsOf({ role: "control-plane", cluster });
    assert.equal(settings["etcd-s3"], true);
    assert.equal(settings["etcd-s3-insecure"], true);
    assert.equal(settings["etcd-snapshot-schedule-cron"], "0 1 * * *");
    assert.equal(settingsOf({ role: "control-plane" })["etcd-s3"], undefined);
    assert.ok(!JSON.stringify(settingsOf({ role: "worker", cluster })).includes("the-secret-key"));
  });
});
