/** Which machines are nodes of a cluster, kept beside what the cluster itself keeps. */
import { join } from "node:path";
import { z } from "zod";
import { readIfPresent, writePrivateFile } from "../kubernetes/private-file.ts";

const fileName = "machines.json";
const members = z.record(z.string(), z.string());

/** Notes the machines by their names, each with what tells it from an earlier one. */
export async function keepMembers(folder: string, nodes: ReadonlyMap<string, string>): Promise<void> {
  await writePrivateFile(join(folder, fileName), JSON.stringify(Object.fromEntries(nodes)));
}

/** The machines that were noted; none where there is no cluster. */
export async function readMembers(folder: string): Promise<ReadonlyMap<string, string>> {
  const text = await readIfPresent(join(folder, fileName));
  return new Map(text === undefined ? [] : Object.entries(members.parse(JSON.parse(text))));
}
