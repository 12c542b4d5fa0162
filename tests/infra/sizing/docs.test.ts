import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pageLocation, serverTypesPage } from "../../../infra/sizing/docs.ts";
import { priceLists } from "../../../infra/sizing/server-types.ts";

describe("the page of server types", () => {
  const page = serverTypesPage();

  it("is the one in docs/ (`node infra/sizing/docs.ts` rewrites it)", () => {
    assert.equal(readFileSync(pageLocation, "utf8"), page);
  });

  it("names every type, and for those withdrawn what to take instead", () => {
    for (const { types, withdrawn } of Object.values(priceLists)) {
      for (const name of [...Object.keys(types), ...Object.keys(withdrawn)])
        assert.ok(page.includes(`| \`${name}\` |`), name);
    }
    assert.match(page, /\| `cx41` \| 4 \| 16 \| ccx23 \(.*\) or cpx42 \(.*\) \|/);
  });
});
