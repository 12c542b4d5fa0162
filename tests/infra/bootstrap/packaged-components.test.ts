import assert from "node:assert/strict";
import { unwantedComponents } from "../../../infra/bootstrap/packaged-components.ts";
import { catalogue } from "../../../platform/catalogue.ts";

describe("the components that k3s brings along", () => {
  it("are left out when their system is off", () => {
    assert.deepEqual(unwantedComponents({ ingress: {}, "local-path": {} }), []);
    assert.deepEqual(unwantedComponents({ "local-path": {} }), ["traefik"]);
    assert.deepEqual(unwantedComponents({}), ["traefik", "local-storage"]);
  });

  it("are named by systems that the catalogue has", () => {
    assert.deepEqual(unwantedComponents(catalogue), []);
  });
});
