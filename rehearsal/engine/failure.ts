import { messageOf, UserError } from "../errors.ts";
import { resourceOf, type Journal, type Message } from "./journal.ts";

/**
 * Known complaints of the engine that are about the circumstances rather than about a resource, with what to do.
 * Each pattern was taken from the engine's own message.
 */
const circumstances: readonly { readonly pattern: RegExp; readonly advice: string }[] = [
  {
    pattern: /incorrect passphrase/,
    advice:
      "The passphrase does not fit this stack's state. Set PULUMI_CONFIG_PASSPHRASE to the one it was made with; " +
      "if that is lost, `make down` cannot read the state either: remove the stack's folder under .rehearsal/ and start anew.",
  },
  {
    pattern: /Command was killed with SIG/,
    advice:
      "The engine was killed from outside. What it did so far is kept: run the same command again, and it goes on from there.",
  },
  {
    pattern: /no space left on device/,
    advice: "The disk is full. Free some room and run the same command again; nothing is lost.",
  },
];

/** Complaints of clouds whose remedy is in the configuration, with what to do. */
const remedies: readonly { readonly pattern: RegExp; readonly advice: string }[] = [
  {
    pattern: /address \S+ is taken/,
    advice:
      "Private addresses of control planes follow from the name of their pool: give the new pool another name.",
  },
];

/** Turns the failure of an operation into one message that names every resource that failed and why. */
export function explainFailure(journal: Journal, error: unknown): Error {
  const text = messageOf(error);
  const known = circumstances.find(({ pattern }) => pattern.test(text));
  if (known) return new UserError(known.advice);
  const reasons = [...violationLines(journal), ...errorLines(journal)];
  if (reasons.length > 0) return new UserError(reasons.join("\n\n"));
  return error instanceof Error ? error : new Error(text);
}

function violationLines(journal: Journal): string[] {
  return journal.violations
    .filter((violation) => violation.mandatory)
    .map(
      (violation) =>
        `${heading(violation)} breaks the policy ${violation.policy}\n${indented(violation.text)}`,
    );
}

function errorLines(journal: Journal): string[] {
  const errors = distinct(journal.errors.filter(saysSomething).map(withoutChain));
  const isGuarded = ({ text }: Message) =>
    /cannot be deleted\s+because it is protected|unable to replace resource .* as it is currently marked for protection/s.test(
      text,
    );
  return [
    ...protectionLines(errors.filter(isGuarded)),
    ...errors
      .filter((error) => !isGuarded(error))
      .map((error) => `${heading(error)}\n${indented(withRemedy(error.text))}`),
  ];
}

function withRemedy(text: string): string {
  const known = remedies.find(({ pattern }) => pattern.test(text));
  return known ? `${text}\n${known.advice}` : text;
}

/** One message for all that is protected: the engine says the same of each, with advice that goes around the configuration. */
function protectionLines(errors: readonly Message[]): string[] {
  const names = errors.flatMap(({ urn }) => (urn === undefined ? [] : [resourceOf(urn).name]));
  if (names.length === 0) return [];
  return [
    `${names.sort().join(", ")} would be deleted, and ${names.length === 1 ? "is" : "are"} protected. ` +
      "If that is what you want: put the configuration back, set uap:protect to false, bring the stack up, and then make the change again.",
  ];
}

/**
 * The engine closes with remarks that repeat what was said ("update failed", the count of violations), and tells what it did not
 * begin any more.
 */
function saysSomething({ urn, text }: Message): boolean {
  if (text.startsWith("failed to run policy: context canceled")) return false;
  // What is said of a resource is no closing remark, however it begins: providers count their errors, too.
  const isOfResource = urn !== undefined && resourceOf(urn).kind !== "Stack";
  return (
    isOfResource ||
    !/^(update|preview|destroy|refresh) failed$|^(\d+ errors? occurred|mandatory policy violations)/i.test(
      text,
    )
  );
}

/** The SDK names every property on the way from the failure to a resource. */
function withoutChain({ urn, text }: Message): Message {
  return { urn, text: text.replace(/^(error serializing property "[^"]*": )+/, "") };
}

/** Each text once, at the first resource that it was about. */
function distinct(errors: readonly Message[]): Message[] {
  return errors.filter(({ text }, index) => errors.findIndex((other) => other.text === text) === index);
}

function heading(message: Message): string {
  if (message.urn === undefined) return "The run";
  const { kind, name, layer } = resourceOf(message.urn);
  return kind === "Stack" ? "The program" : `${kind} ${name} (${layer})`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
