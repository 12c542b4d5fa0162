import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pageLocation, stackCostsPage } from "../../../docs/guide/stack-costs.ts";
import { stacks } from "../settings.ts";

describe("the page of what the stacks cost", () => {
  let page: string;
  before(async () => {
    page = await stackCostsPage();
  });

  it("is the one in docs/ (`make docs` rewrites it)", () => {
    assert.equal(readFileSync(pageLocation, "utf8"), page);
  });

  it("has a table with a sum for every stack that orders servers, and for no other", () => {
    const sections = page.split(/^## /m).slice(1);
    assert.deepEqual(sections.map((section) => section.split("\n", 1)[0]).sort(), [...stacks].sort());
    for (const section of sections) assert.match(section, /\| \*\*in all\*\* \|.*\| \*\*\d+\.\d\d\*\* \|/);
  });

  it("adds up each currency for itself, and gives machines of one's own no price", () => {
    assert.match(page, /\*\*24\.00\*\* \| USD \|/);
    assert.match(page, /\*\*107\.97\*\* \| EUR \|/);
    assert.match(page, /\| lab-d \| 3 \| on-premises, lab \| `own` \| {2}\| {2}\| {2}\| {2}\|/);
  });
});
