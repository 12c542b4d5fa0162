import { join } from "node:path";
import ts from "typescript";
import type { CloudResource } from "./harness.ts";

/** What a provider would refuse of one resource, one line a complaint. */
export type FormatCheck = (inputs: Readonly<Record<string, unknown>>) => readonly string[];

/** What is checked of a resource. */
type SentResource = Pick<CloudResource, "type" | "name" | "inputs">;

/** npm packages of the providers, by the first part of a resource's type. */
const packages: Readonly<Record<string, string>> = {
  aws: "@pulumi/aws",
  cloudflare: "@pulumi/cloudflare",
  digitalocean: "@pulumi/digitalocean",
  hcloud: "@pulumi/hcloud",
  linode: "@pulumi/linode",
  scaleway: "@pulumiverse/scaleway",
  vultr: "@ediri/vultr",
};

const repository = join(import.meta.dirname, "..", "..", "..");

/**
 * Holds what the program sends against the installed SDKs' own types: unknown and missing inputs, at any depth, and values of another
 * type or outside an enumeration. What types cannot say, such as the characters of a name, is held against `formats`.
 *
 * The inputs are written into a TypeScript file as literals of the SDK's `…Args`, which the compiler then checks.
 *
 * @param formats checks by type of the resource
 * @returns one line a complaint; none when the providers would accept everything
 */
export function sdkComplaints(
  resources: readonly SentResource[],
  formats: Readonly<Record<string, FormatCheck>> = {},
): string[] {
  const wrongFormats = resources.flatMap(({ type, name, inputs }) =>
    (formats[type]?.(inputs) ?? []).map((complaint) => `${type} ${name}: ${complaint}`),
  );
  return [...typeComplaints(resources), ...wrongFormats];
}

function typeComplaints(resources: readonly SentResource[]): string[] {
  const path = join(repository, "tests", "infra", "clouds", "sent-to-providers.ts");
  const lines = resources.map(argumentLine);
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  };
  const program = ts.createProgram([path], options, hostWith(path, lines.join("\n"), options));
  const source = program.getSourceFile(path);
  if (!source) throw new Error("The compiler did not read what is sent.");
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ start = 0, messageText }) => {
      const resource = resources[source.getLineAndCharacterOfPosition(start).line];
      const label = resource ? `${resource.type} ${resource.name}` : "unknown resource";
      return `${label}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    },
  );
}

/** One resource as one line of TypeScript. */
function argumentLine({ type, inputs }: SentResource): string {
  const [provider = "", module = "", kind = ""] = type.split(":");
  const packageName = packages[provider];
  if (packageName === undefined) throw new Error(`${type}: the package of its SDK is not known here.`);
  // "ec2/instance:Instance" is in ec2/instance, "index/server:Server" in server.
  const file = module.replace(/^index\//, "").replace(/^sSHKey$/, "sshkey");
  // In brackets, since a line that begins with a brace is a block.
  return `(${JSON.stringify(inputs)} satisfies import("${packageName}/${file}.js").${kind}Args);`;
}

function hostWith(path: string, text: string, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true);
  return {
    ...host,
    fileExists: (name) => name === path || host.fileExists(name),
    getSourceFile: (name, ...rest) => (name === path ? source : host.getSourceFile(name, ...rest)),
  };
}

/** A check that a text has a form. */
export function matches(key: string, form: RegExp, what: string): FormatCheck {
  return (inputs) => {
    const value = inputs[key];
    const isRight = value === undefined || (typeof value === "string" && form.test(value));
    return isRight ? [] : [`${key} ${JSON.stringify(value)} is not ${what}`];
  };
}

/** A check that a value is one of some. */
export function isOneOf(key: string, values: readonly string[]): FormatCheck {
  return (inputs) => {
    const value = inputs[key];
    return value === undefined || values.includes(value as string)
      ? []
      : [`${key} ${JSON.stringify(value)} is none of ${values.join(", ")}`];
  };
}

/** All of some checks. */
export function all(...checks: readonly FormatCheck[]): FormatCheck {
  return (inputs) => checks.flatMap((check) => check(inputs));
}

/** A name as every cloud takes it: at most 63 letters, digits and inner hyphens. */
export const isName = matches(
  "name",
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "a name of up to 63 characters",
);
