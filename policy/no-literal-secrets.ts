import {
  credentialsByForm,
  isLiteralSecret,
  literalSecretsIn,
  looksRandom,
  secretName,
} from "./credentials.ts";
import type { Policy, Report, Violation } from "./policy.ts";
import { isKind, title } from "./resource.ts";
import type { Resource } from "./resource.ts";
import { clearTexts } from "./clear-texts.ts";
import type { ClearText } from "./clear-texts.ts";
import { enumeration, notYetKnown, objectOf, valueAt } from "./values.ts";

/** Settings of {@link noLiteralSecrets}. */
export interface NoLiteralSecretsSettings {
  /** Names of variables, keys and flags that look secret and are not. */
  readonly allowedNames: readonly string[];
}

/**
 * No credential stands in a variable, a command or a ConfigMap.
 *
 * Secret objects themselves are never judged. The engine marks secrets in what it sends to a policy pack, but the SDK takes
 * the marks away before a policy sees the values, and providers mark the data of every Secret as secret anyway. What a
 * policy does see is their content in clear, and with it the stack check finds every other place that the content leaked to.
 */
export const noLiteralSecrets: Policy<NoLiteralSecretsSettings> = {
  name: "no-literal-secrets",
  description:
    "No password, token or private key stands in an environment variable, a command or a ConfigMap; credentials are delivered by Secret.",
  why: "Whoever may read the object, its history or the program reads the credential, and it cannot be changed without a new rollout.",
  severity: "critical",
  enforcementLevel: "mandatory",
  frameworks: ["CIS Kubernetes Benchmark", "NSA/CISA Kubernetes Hardening Guidance"],
  topics: ["secrets"],
  link: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
  settings: {
    allowedNames: {
      type: "array",
      items: { type: "string" },
      description:
        "Names of environment variables, ConfigMap keys, properties and flags that look secret and are not.",
      default: [],
    },
  },
  validate(resource, report, settings) {
    for (const clear of clearTexts(resource)) {
      for (const problem of problemsOf(clear, settings.allowedNames)) {
        report(resource, { path: clear.path, problem, fix: fixFor(clear) });
      }
    }
  },
  validateStack(resources, report) {
    const secrets = resources.flatMap(secretEntries);
    if (secrets.length === 0) return;
    for (const resource of resources) reportLeaks(resource, secrets, report);
  },
};

/** What is wrong with one piece of clear text. */
function problemsOf(clear: ClearText, allowedNames: readonly string[]): string[] {
  const named =
    clear.name !== undefined && !allowedNames.includes(clear.name) ? secretName(clear.name) : undefined;
  if (clear.text === notYetKnown) {
    return named === undefined || named === "key"
      ? []
      : [`${clear.title} takes its value from an output, in clear`];
  }
  const forms = credentialsByForm(clear.text);
  if (forms.length > 0) return [`${clear.title} holds ${enumeration(forms)}`];
  if (named !== undefined && isLiteralSecret(named, clear.text)) {
    return [`${clear.title} is named like a secret and has a literal value`];
  }
  if (clear.list === "env") return [];
  const names = literalSecretsIn(clear.text).filter((name) => !allowedNames.includes(name));
  return names.length === 0 ? [] : [`${clear.title} sets ${enumeration(names)} to a literal value`];
}

function fixFor(clear: ClearText): Violation["fix"] {
  switch (clear.list) {
    case "env":
      return "create the Secret with `secretObject` (platform/kit) and take the value by `valueFrom.secretKeyRef`";
    case "command":
      return "create the Secret with `secretObject` (platform/kit) and let the program read it from a mounted file or a variable taken by `valueFrom.secretKeyRef`";
    case "data":
      return "create a Secret with `secretObject` (platform/kit) and mount that, or leave a placeholder that a variable fills";
  }
}

/** One value of a Secret in the stack that is worth looking for elsewhere. */
interface SecretEntry {
  /** The Secret and the key, for messages. */
  readonly title: string;
  /** The value in clear. */
  readonly value: string;
}

/** The shortest value that is looked for. Shorter ones occur by chance. */
const shortestValue = 8;

/** The entries of a Secret that are credentials, and not the host names and user names that lie beside them. */
function secretEntries(resource: Resource): SecretEntry[] {
  if (!isKind(resource, "core", "Secret")) return [];
  const plain = Object.entries(objectOf(valueAt(resource.properties, "stringData")));
  const encoded = Object.entries(objectOf(valueAt(resource.properties, "data"))).map(
    ([key, value]) =>
      [key, typeof value === "string" ? Buffer.from(value, "base64").toString() : value] as const,
  );
  return [...encoded, ...plain].flatMap(([key, value]) => {
    if (typeof value !== "string" || value.length < shortestValue) return [];
    const named = secretName(key);
    const telling = looksRandom(value) || (named !== undefined && isLiteralSecret(named, value));
    return telling ? [{ title: `the key "${key}" of ${title(resource)}`, value }] : [];
  });
}

function reportLeaks(resource: Resource, secrets: readonly SecretEntry[], report: Report): void {
  for (const clear of clearTexts(resource)) {
    const { text } = clear;
    if (text === notYetKnown) continue;
    for (const secret of secrets.filter(({ value }) => text.includes(value))) {
      report(resource, {
        path: clear.path,
        problem: `${clear.title} repeats in clear what ${secret.title} holds`,
        fix: fixFor(clear),
      });
    }
  }
}
