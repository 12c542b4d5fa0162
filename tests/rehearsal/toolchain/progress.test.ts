import assert from "node:assert/strict";

import { progressLine, type ToolEvent } from "../../../rehearsal/toolchain/progress.ts";

describe("a progress line", () => {
  const tool = { tool: "kwok", version: "0.8.0" } as const;
  const lines: [ToolEvent, string][] = [
    [{ ...tool, state: "cached", path: "/c/kwok" }, "kwok 0.8.0: cached"],
    [
      { ...tool, state: "on-path", path: "/bin/kwok", found: "0.8.3" },
      "kwok 0.8.0: using 0.8.3 from /bin/kwok",
    ],
    [
      { ...tool, state: "not-fitting", path: "/bin/kwok", found: "0.7.0" },
      "kwok 0.8.0: /bin/kwok is version 0.7.0 and does not fit",
    ],
    [
      { ...tool, state: "not-fitting", path: "/bin/kwok", found: undefined },
      "kwok 0.8.0: /bin/kwok does not tell its version and is not used",
    ],
    [{ ...tool, state: "waiting", seconds: 3 }, "kwok 0.8.0: another run is obtaining it, waiting for 3 s"],
    [
      { ...tool, state: "downloading", bytes: 1_250_000, total: 63_000_000 },
      "kwok 0.8.0: downloading, 1.3 of 63.0 MB",
    ],
    [{ ...tool, state: "downloading", bytes: 0, total: undefined }, "kwok 0.8.0: downloading, 0.0 MB"],
    [
      { ...tool, state: "not-downloaded", reason: "https://x/y answers 404" },
      "kwok 0.8.0: not downloaded (https://x/y answers 404), building it",
    ],
    [
      { ...tool, state: "building", seconds: 12, expectedSeconds: 44 },
      "kwok 0.8.0: building, 12 s of about 44 s (only this once)",
    ],
    [{ ...tool, state: "ready", path: "/c/kwok", seconds: 45 }, "kwok 0.8.0: ready after 45 s"],
  ];
  for (const [event, line] of lines) {
    it(`says "${line}"`, () => {
      assert.equal(progressLine(event), line);
    });
  }
});
