import assert from "node:assert/strict";
import { catalogueMistakes } from "../../config/systems.ts";
import { presets } from "../../config/presets.ts";
import { catalogue } from "../../platform/catalogue.ts";

describe("the catalogue", () => {
  it("names only systems that it has", () => {
    assert.deepEqual(catalogueMistakes(catalogue), []);
  });

  it("has a row for every system of every preset", () => {
    const missing = Object.values(presets)
      .flat()
      .filter((name) => !Object.hasOwn(catalogue, name));
    assert.deepEqual([...new Set(missing)], []);
  });

  it("pins every image by a tag that does not move", () => {
    const images = Object.values(catalogue).flatMap((row) =>
      "images" in row ? Object.values(row.images) : [],
    );
    assert.ok(images.length > 0);
    for (const image of images) assert.match(image, /^[a-z0-9.-]+\/[a-z0-9./-]+:v?\d+\.\d+\.\d+$/);
  });
});
