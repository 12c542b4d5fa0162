/** The place of a value in the configuration, from its section inwards. */
export type Path = readonly (string | number)[];

/** A mistake as the checks find it. */
export interface Finding {
  readonly path: Path;
  /** What stands there; `undefined` when nothing does, or when showing it would not help. */
  readonly value?: unknown;
  /** Why it cannot be used; a sentence without its subject. */
  readonly reason: string;
  /** What to do about it; whole sentences. */
  readonly fix: string;
  /** The value that was probably meant. */
  readonly suggestion?: unknown;
  /** The key that was probably meant by the path's last step. */
  readonly meantKey?: string;
}

/** A mistake as it is told; safe to print. */
export interface Problem {
  /** Where, as the stack's file spells it, without the namespace. @example "pools[1].type" */
  readonly path: string;
  /** What stands there, ready to print; empty when nothing does, `[secret]` when it may be one. */
  readonly value: string;
  /** Why it cannot be used. */
  readonly reason: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Where a configuration comes from. */
export interface Origin {
  /** The stack's name; names the file in messages, and the cluster. @default a configuration without a file */
  readonly stack?: string;
  /** Top-level keys that hold a Pulumi secret; no value below them is ever shown. @default none */
  readonly secretKeys?: readonly string[];
}

/** The namespace of the project's keys in `Pulumi.<stack>.yaml`. */
export const namespace = "uap";

/** Stands where a secret would stand. */
const hidden = "[secret]";
const width = 100;
const longestValue = 60;

/** Every mistake of a configuration at once; the message is what a user reads. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly Problem[];

  /** @param secrets texts that must not be shown wherever they turn up, such as a secret that another value is compared with */
  constructor(findings: readonly Finding[], origin: Origin = {}, secrets: readonly string[] = []) {
    const problems = findings.map((finding) =>
      withoutSecrets(toProblem(finding, origin.secretKeys ?? []), secrets),
    );
    super(message(problems, origin.stack));
    this.problems = problems;
  }
}

/** `pools[1].type` of `["pools", 1, "type"]`; keys that are not plain words are quoted as Pulumi quotes them. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** What was probably meant by a secret is nearly the secret. */
function toProblem(
  { path, value, reason, fix, suggestion }: Finding,
  secretKeys: readonly string[],
): Problem {
  const place = formatPath(path);
  if (!mayBeSecret(path, value, secretKeys)) return { path: place, value: show(value), reason, fix };
  const again = "Set it again with `pulumi config set --secret`.";
  return { path: place, value: hidden, reason, fix: suggestion === undefined ? fix : again };
}

function withoutSecrets(problem: Problem, secrets: readonly string[]): Problem {
  const hide = (text: string) => secrets.reduce((left, secret) => left.replaceAll(secret, hidden), text);
  return { ...problem, reason: hide(problem.reason), fix: hide(problem.fix) };
}

/** Rather one value too many hidden than one secret shown. */
function mayBeSecret(path: Path, value: unknown, secretKeys: readonly string[]): boolean {
  if (value === undefined) return false;
  const isMarked = secretKeys.includes(String(path[0]));
  const isNamedSo = path.some((step) =>
    /secret|password|passphrase|token|credential|(private|access|api)-?key/i.test(String(step)),
  );
  const looksSo = typeof value === "string" && /PRIVATE KEY|:\/\/[^/\s]*:[^/\s]*@/.test(value);
  return isMarked || isNamedSo || looksSo;
}

/** Of lists and maps only the kind: what is inside may be long, or secret. */
function show(value: unknown): string {
  if (value === undefined) return "";
  if (value === null) return "(empty)";
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "(a list)";
  if (typeof value === "object") return "(a map)";
  const text = JSON.stringify(value);
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}

function message(problems: readonly Problem[], stack: string | undefined): string {
  const file = stack === undefined ? "The configuration" : `Pulumi.${stack}.yaml`;
  const count = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
  return (
    [`${file} has ${count}; nothing was created:`, ...problems.map(paragraph), ""].join("\n\n").trimEnd() +
    "\n"
  );
}

function paragraph({ path, value, reason, fix }: Problem): string {
  const place = `  ${namespace}:${path}  ${value}`.trimEnd();
  return [place, ...wrap(`${reason} ${fix}`, width - 4).map((line) => `    ${line}`)].join("\n");
}

/** Breaks at spaces, but never within `code`. */
function wrap(text: string, columns: number): string[] {
  const words = text.trim().match(/(?:`[^`]*`|[^\s`])+/g) ?? [];
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
