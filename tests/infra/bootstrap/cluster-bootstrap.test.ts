import assert from "node:assert/strict";

import { Sensitive } from "../../../config/sensitive.ts";
import type { BootstrapSettings } from "../../../infra/bootstrap/cluster-bootstrap.ts";
import { clusterBootstrap } from "../../../infra/bootstrap/cluster-bootstrap.ts";

const settings: BootstrapSettings = {
  domain: "example.org",
  cluster: {
    kind: "k3s",
    name: "hc1",
    version: "v1.36.4+k3s1",
    network: "kilo",
    podCidr: "10.42.0.0/16",
    serviceCidr: "10.43.0.0/16",
  },
  backup: { etcd: { schedule: "0 1 * * *", retention: 3 } },
};

const planned = {
  controlPlanes: [{ name: "master-1" }],
  privateCidr: "10.20.8.0/23",
  disabled: ["traefik"],
} as const;

describe("the bootstrap of a configured cluster", () => {
  it("follows from the configuration", () => {
    assert.deepEqual(clusterBootstrap(settings, planned), {
      name: "hc1",
      apiHost: "api.hc1.example.org",
      version: "v1.36.4+k3s1",
      network: "kilo",
      podCidr: "10.42.0.0/16",
      serviceCidr: "10.43.0.0/16",
      privateCidr: "10.20.8.0/23",
      controlPlanes: [{ name: "master-1" }],
      snapshots: { schedule: "0 1 * * *", retention: 3 },
      disabled: ["traefik"],
    });
  });

  it("names the snapshots' store as k3s wants it: host and port without a scheme", () => {
    const s3 = {
      endpoint: "http://minio.lab:9000",
      bucket: "snapshots",
      region: "us-east-1",
      accessKey: new Sensitive("the-access-key"),
      secretKey: new Sensitive("the-secret-key"),
    };
    const { snapshots } = clusterBootstrap({ ...settings, backup: { ...settings.backup, s3 } }, planned);
    assert.deepEqual(snapshots.store, {
      endpoint: "minio.lab:9000",
      insecure: true,
      bucket: "snapshots",
      region: "us-east-1",
      folder: "hc1",
      accessKey: "the-access-key",
      secretKey: "the-secret-key",
    });
  });
});
