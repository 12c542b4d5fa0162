import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ComponentResource } from "@pulumi/pulumi";
import { openStack } from "../rehearsal/engine/workspace.ts";
import { foldersOf } from "../rehearsal/folders.ts";
import { obtainTools } from "../rehearsal/toolchain/index.ts";
import { seconds, type Seconds } from "./statistics.ts";

/** The least that the engine needs: an `up` of as many resources that are nothing but names in its state. */
export async function measureFloor(resources: number): Promise<Seconds> {
  const folder = await mkdtemp(join(tmpdir(), "uap-floor-"));
  const before = process.env.UAP_REHEARSAL;
  process.env.UAP_REHEARSAL = folder;
  try {
    const { pulumi } = await obtainTools(["pulumi"]);
    const stack = await openStack({
      stack: "local",
      folders: foldersOf({ stack: "local" }),
      pulumi,
      passphrase: "floor",
      searchPath: [],
      takesPlaceholders: true,
      simulateCharts: false,
      program: async () => {
        for (let index = 0; index < resources; index += 1)
          new ComponentResource("uap:bench:Nothing", `nothing-${index}`);
        return Promise.resolve({});
      },
    });
    return await seconds(() => stack.up());
  } finally {
    if (before === undefined) delete process.env.UAP_REHEARSAL;
    else process.env.UAP_REHEARSAL = before;
    await rm(folder, { recursive: true, force: true });
  }
}
