import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { fixtureNames, fixturePath, readFixture, refusal } from "./fixtures.ts";

/** `UPDATE_SNAPSHOTS=1` rewrites the messages; look at the difference before it is committed. */
const isUpdate = process.env.UPDATE_SNAPSHOTS === "1";

describe("a stack's file with mistakes", () => {
  const names = fixtureNames("invalid");

  it("has a fixture for each kind of mistake, each with its message", () => {
    assert.ok(names.length >= 40, `${names.length} fixtures`);
    if (!isUpdate) assert.deepEqual(fixtureNames("invalid", ".txt"), names);
  });

  for (const name of names) {
    it(`is refused with the message that a user understands: ${name}`, () => {
      const { raw, origin } = readFixture("invalid", name);
      const { message } = refusal(raw, origin);
      const path = fixturePath("invalid", `${name}.txt`);
      if (isUpdate) writeFileSync(path, message);
      assert.equal(message, existsSync(path) ? readFileSync(path, "utf8") : "");
    });
  }

  it("never shows a secret, nor a line of a stack trace, and fits a terminal", () => {
    for (const name of names) {
      const { raw, origin } = readFixture("invalid", name);
      const { message, problems } = refusal(raw, origin);
      assert.doesNotMatch(message, /hunter2|very secret|AKIAEXAMPLE|b3BlbnNzaC1rZXk|\.ts:\d/, name);
      assert.ok(
        message.split("\n").every((line) => line.length <= 140),
        name,
      );
      assert.ok(
        problems.every(({ reason, fix }) => /[.?]$/.test(reason) && /[.?]$/.test(fix)),
        `${name}: every mistake has a reason and a fix, in whole sentences`,
      );
    }
  });
});
