/**
 * Telling credentials from other text. Pure functions over strings; none of them ever returns the credential itself.
 *
 * False alarms make people switch a rule off, so a name alone never convicts: `TOKEN_URL`, `passwordFile`,
 * `PASSWORD=$(DB_PASSWORD)` and `SORT_KEY=name` are all innocent.
 */

/**
 * How strongly a name promises a secret. The value of a `password` may be any word; the value of a `token` is taken for a
 * secret unless it is a plain number; a `key` is one only if it looks random, since most keys are names of things.
 */
export type SecretName = "password" | "token" | "key";

/** Endings of the last word of a name. The first that fits decides. */
const nameEndings: readonly (readonly [RegExp, SecretName])[] = [
  [/(?:password|passwd|passphrase)$|^(?:pwd|pass)$/, "password"],
  [/(?:secret|token)$|^(?:credentials?|apikey)$/, "token"],
  [/key$|^(?:auth|cookie|salt)$/, "key"],
];

/** Words before `key` that make it as good as a token: `API_KEY`, `secretAccessKey`. */
const secretKeys = /^(?:api|access|secret|private|encryption|signing|master|session|shared|fernet)$/;

/** Words before the last one that take the promise back: a `PUBLIC_KEY` is public, a `PULL_SECRET` is an object's name. */
const harmless = /^(?:public|pull|existing|tls)$/;

/** Words that may follow without changing what the name promises: `PASSWORD_1`, `tokenValue`. */
const fillers = /^(?:\d+|value|base64|b64|text|plain|plaintext|string|default)$/;

/** Judges the name of a variable, a property or a flag by its last telling word. */
export function secretName(name: string): SecretName | undefined {
  const words = wordsOf(name);
  while (words.length > 1 && fillers.test(words.at(-1) ?? "")) words.pop();
  const last = words.at(-1)?.replace(/\d+$/, "") ?? "";
  const before = words.at(-2) ?? "";
  if (harmless.test(before)) return undefined;
  if (last === "key" && secretKeys.test(before)) return "token";
  return nameEndings.find(([pattern]) => pattern.test(last))?.[1];
}

/** Splits `dbPassword`, `DB_PASSWORD` and `db.password` into lower-case words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Words that configure something rather than open it. */
const plainWords =
  /^(?:true|false|yes|no|on|off|null|nil|none|undefined|auto|optional|required|enabled?|disabled?|\*+|x+)$/i;

/** Text filled in later: `$(NAME)`, `${NAME}`, `$NAME`, `{{ name }}`, `<name>`, `%s`, `%(name)s`. Bounded, so that long texts stay fast. */
const placeholder =
  /\$\([^)]{0,200}\)|\$\{[^}]{0,200}\}|(?:^|\W)\$[A-Za-z_]\w*|\{\{[\s\S]{0,200}?\}\}|^<[^<>]+>$|%\(\w+\)s|^%\w+%?$/;

/** A URL without user information, a path, or a reference to another store. Long parts of a path may be base64. */
const location =
  /^(?:[a-z][a-z0-9+.-]*:\/\/[^@\s]*|\.{0,2}\/[\w.-]{0,30}(?:\/[\w.-]{0,30})*|(?:arn|env|file|ref|secret|vault):\S*)$/i;

/** Tells whether the value under a secret-like name is a credential written out, and not a switch, a path or a reference. */
export function isLiteralSecret(name: SecretName, value: string): boolean {
  const text = value.trim();
  if (text === "" || plainWords.test(text) || placeholder.test(text)) return false;
  if (location.test(text)) return false;
  if (name === "key") return looksRandom(text);
  if (name === "token") return !/^[\d.]+[a-z]?$/i.test(text);
  return true;
}

/**
 * Tells whether a text looks drawn at random: at least 16 characters without blanks, varied, and changing between letters
 * and digits three times or more, which names such as `mosquitto-client-1` do not. Of random letters and digits it misses 28 %
 * at 16 characters, 10 % at 24 and 3 % at 32 (measured over 20,000 each).
 */
export function looksRandom(text: string): boolean {
  const changes = text.match(/[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g) ?? [];
  return /^[A-Za-z0-9+/_=~!@#%^&*-]{16,}$/.test(text) && changes.length >= 3 && entropy(text) >= 3;
}

/** Shannon entropy of a text in bits per character. Random hex has nearly 4, random base64 nearly 5 in 32 characters. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => {
    const share = count / text.length;
    return sum - share * Math.log2(share);
  }, 0);
}

/** Credentials known by their form, whatever they are called. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/, "a private key"],
  [/\$(?:2[aby]|5|6|7|argon2(?:id?|d))\$[^\s"']{20,}/, "a password hash"],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, "a JSON Web Token"],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, "an AWS access key"],
  [/\b(?:gh[opsur]_[A-Za-z0-9]{36}|github_pat_\w{22,})/, "a GitHub token"],
  [/\bglpat-[\w-]{20,}/, "a GitLab token"],
  [/\bxox[abeoprs]-[\w-]{10,}/, "a Slack token"],
];

/** User information in a URL: `scheme://user:password@host`. */
const urlWithPassword = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'<>]*:(?<password>[^\s/@"'<>]+)@/gi;

/** What credentials a text holds that are recognisable by their form, as phrases such as "a private key". */
export function credentialsByForm(text: string): string[] {
  const found = forms.filter(([form]) => form.test(text)).map(([, phrase]) => phrase);
  const passwords = [...text.matchAll(urlWithPassword)].map((match) => match.groups?.password ?? "");
  return passwords.some((password) => isLiteralSecret("password", password))
    ? [...found, "a URL with a password"]
    : found;
}

const namePart = "(?<![\\w.$-])(?:--?)?[\"']?(?<name>[A-Za-z][\\w.-]*)[\"']?";
const quotedPart = `"(?<double>[^"\\n]*)"|'(?<single>[^'\\n]*)'`;
const barePart =
  "(?<bare>(?![<>=*!`-])(?:\\$\\([^)]{0,200}\\)|\\$\\{[^}]{0,200}\\}|[^\\s\"',;|&{}()\\[\\]])+)";

/**
 * Where a text gives a name a value: `name=value`, `name: value` and `--name value`, quoted or not. After a colon an
 * unquoted value must end the line or the list entry, which prose does not.
 */
const assignments: readonly RegExp[] = [
  new RegExp(`${namePart}[ \\t]*=[ \\t]*(?:${quotedPart}|${barePart})`, "g"),
  new RegExp(`${namePart}[ \\t]*:[ \\t]*(?:${quotedPart}|${barePart}(?=[ \\t]*(?:$|[,}\\]]|#)))`, "gm"),
  new RegExp(`(?<![\\w-])--(?<name>[A-Za-z][\\w.-]*)\\s+(?:${quotedPart}|${barePart})`, "g"),
];

/** Unquoted values that are code rather than text: `user.password`, `str`. */
const code = /^(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|str|string|bytes|text|int|bool)$/i;

/**
 * Names in a script, a command line or a configuration file that are given a credential.
 *
 * Running text is judged with more care than a variable of its own: only passwords are believed at any value, everything
 * else must look random.
 */
export function literalSecretsIn(text: string): string[] {
  const matches = assignments.flatMap((pattern) => [...withoutComments(text).matchAll(pattern)]);
  const names = matches.flatMap(({ groups = {} }) => {
    const { name = "", double, single, bare = "" } = groups;
    return assignsSecret(name, double ?? single, bare) ? [name] : [];
  });
  return [...new Set(names)];
}

function assignsSecret(name: string, quoted: string | undefined, bare: string): boolean {
  const kind = secretName(name);
  const value = quoted ?? bare;
  if (kind === undefined || !isLiteralSecret(kind, value)) return false;
  if (kind !== "password") return looksRandom(value);
  return !/\s/.test(value) && (quoted !== undefined || (!code.test(bare) && secretName(bare) === undefined));
}

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(?:#|\/\/|;|--\s).*$/gm, "");
}
