import { gunzipSync } from "node:zlib";
import { parse, stringify } from "yaml";

import { nodePaths } from "../../../infra/bootstrap/node-bootstrap.ts";

/** A `#cloud-config`, as far as tests look into it. */
export interface UserData {
  readonly write_files: readonly WrittenFile[];
}

interface WrittenFile {
  readonly path: string;
  readonly permissions: string;
  readonly encoding?: string;
  readonly content: string;
}

/** The user-data with its packed files unpacked. */
export function unpacked(text: string): UserData {
  const document = parse(text) as UserData;
  const files = document.write_files.map((file) =>
    file.encoding === "gz+b64"
      ? { ...file, content: gunzipSync(Buffer.from(file.content, "base64")).toString() }
      : file,
  );
  return { ...document, write_files: files };
}

/** The parts of user-data by name: each file, the settings and the program of the script apart, and all that is no file. */
function partsOf(text: string): Map<string, string> {
  const { write_files: files, ...rest } = unpacked(text);
  const parts = files.flatMap(({ path, permissions, content }): [string, string][] => {
    const name = `${path} ${permissions}`;
    const start = content.indexOf("\nset -eu\n");
    if (path !== nodePaths.script) return [[name, content]];
    return [
      [`${name}, settings`, content.slice(0, start)],
      [`${name}, program`, content.slice(start)],
    ];
  });
  return new Map([["cloud-config", `${text.split("\n")[0] ?? ""}\n${stringify(rest)}`], ...parts]);
}

/** Many texts as one: which are the same, and of those that differ each part once, with the names of all that have it. */
export function summaryOf(texts: ReadonlyMap<string, string>): string {
  const names = [...texts.keys()];
  const firstWith = (text: string | undefined) => names.find((name) => texts.get(name) === text) ?? "";
  const sharing = Map.groupBy(
    names.filter((name) => name !== firstWith(texts.get(name))),
    (name) => firstWith(texts.get(name)),
  );
  const same = [...sharing].map(([first, others]) => [first, shortened(others)] as const);
  const distinct = names.filter((name) => firstWith(texts.get(name)) === name);
  const parts = distinct.map((name) => [name, partsOf(texts.get(name) ?? "")] as const);
  const variants = [...new Set(parts.flatMap(([, all]) => [...all.keys()]))].map((part) => {
    const having = Map.groupBy(
      parts.filter(([, all]) => all.has(part)),
      ([, all]) => all.get(part) ?? "",
    );
    const entries = [...having].map(([text, owners]) => ({
      for: shortened(owners.map(([name]) => name)),
      text,
    }));
    return [part, entries] as const;
  });
  return stringify({ same: Object.fromEntries(same), parts: Object.fromEntries(variants) }, { lineWidth: 0 });
}

/** Names by cloud, those that are all combinations of some words as one: `hetzner|aws control-plane amd64|arm64 kilo`. */
function shortened(names: readonly string[]): readonly string[] {
  const splitUp = names.map((name) => name.split(" "));
  const byCloud = [...Map.groupBy(splitUp, ([cloud = ""]) => cloud)];
  const kinds = byCloud.flatMap(([cloud, words]) => {
    const choices = [1, 2, 3].map((place) => [...new Set(words.map((one) => one[place]))]);
    const product = choices.reduce((count, { length }) => count * length, 1);
    return product === words.length
      ? [{ cloud, kind: choices.map((choice) => choice.join("|")).join(" ") }]
      : words.map((one) => ({ cloud, kind: one.slice(1).join(" ") }));
  });
  return [...Map.groupBy(kinds, ({ kind }) => kind)].map(
    ([kind, all]) => `${all.map(({ cloud }) => cloud).join("|")} ${kind}`,
  );
}

/** What a schema sees of a value: keys, and kinds of values. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))].sort();
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shapeOf(part)]));
}
