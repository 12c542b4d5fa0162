import assert from "node:assert/strict";

import { scheduleSchema } from "../../config/schedules.ts";

describe("schedules", () => {
  it("are accepted as cron writes them", () => {
    for (const schedule of [
      "* * * * *",
      "0 */12 * * *",
      "1 0-6,12 1,15 * 1-5",
      "*/10 * * 1-12 0",
      "59 23 31 12 6",
    ]) {
      assert.ok(scheduleSchema.safeParse(schedule).success, schedule);
    }
  });

  it("are refused when a field is missing, out of range or upside down", () => {
    for (const schedule of [
      "",
      "* * * *",
      "60 * * * *",
      "* 24 * * *",
      "* * 0 * *",
      "* * * 13 *",
      "* * * * 7",
      "5-1 * * * *",
      "*/0 * * * *",
      "a * * * *",
    ]) {
      assert.equal(scheduleSchema.safeParse(schedule).success, false, schedule);
    }
  });
});
