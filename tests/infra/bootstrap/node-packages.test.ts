import assert from "node:assert/strict";
import { parse } from "yaml";

import { cloudInit } from "../../../infra/bootstrap/cloud-init.ts";
import { nodePackages, packagesOfSystemsIn } from "../../../infra/bootstrap/node-packages.ts";
import { bootstrapOf, namedIdentity } from "./nodes.ts";

describe("the packages of the nodes", () => {
  it("are those of the systems that are on, beside the bootstrap's own", () => {
    assert.deepEqual(packagesOfSystemsIn({ mosquitto: {} }), []);
    const packages = packagesOfSystemsIn({ mosquitto: {}, longhorn: {} });
    assert.deepEqual(packages, ["open-iscsi", "nfs-common"]);
    assert.deepEqual(nodePackages({ packages }), ["ca-certificates", "curl", "nftables", ...packages]);
  });

  it("are installed when a server boots first", () => {
    const bootstrap = bootstrapOf({ cluster: { packages: ["open-iscsi"] } });
    const { packages } = parse(cloudInit(bootstrap, namedIdentity())) as { packages: string[] };
    assert.deepEqual(packages, [...nodePackages(bootstrap.cluster), "unattended-upgrades"]);
    assert.ok(packages.includes("open-iscsi"));
  });
});
