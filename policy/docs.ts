import { writeFileSync } from "node:fs";
import { policies } from "./policies.ts";
import { listSettings } from "./policy.ts";
import type { Policy, Setting } from "./policy.ts";

/** Where the page lies. */
export const pageLocation = new URL("../docs/policies.md", import.meta.url);

const introduction = `# Policies

<!-- Generated from the rules' metadata by \`node policy/docs.ts\`. Edit the files in policy/, not this page. -->

The policy pack in \`policy/\` enforces the house rules. The engine runs it on every preview and update: a breach of a mandatory
rule fails the run, an advisory one is only shown. A resource that breaks a rule is not created; what can only be seen over the
whole stack is checked when all resources are known, which in an update is after they were made. Each message says where the
breach is, why the rule is there, and what to do.

Rules are set in a JSON file, by name: either an enforcement level (\`mandatory\`, \`advisory\`, \`disabled\`), or an object with
settings and, if wanted, \`enforcementLevel\`. The name \`all\` sets the enforcement level of all rules.

\`\`\`json
{
  "container-resources": { "maxCpu": "4", "maxMemory": "16Gi" },
  "pinned-images": { "registries": ["ghcr.io", "docker.io/library"] },
  "guarded-namespaces": "advisory"
}
\`\`\`

With Pulumi's own command line: \`pulumi preview --policy-pack policy --policy-pack-config <file>\`.
`;

/** The documentation of all rules, in Markdown. */
export function policiesPage(rules: readonly Policy[]): string {
  return [introduction, overview(rules), ...rules.map(section)].join("\n");
}

function overview(rules: readonly Policy[]): string {
  const rows = rules.map(
    ({ name, description, severity, enforcementLevel }) =>
      `| [${name}](#${name}) | ${severity} | ${enforcementLevel} | ${description} |`,
  );
  return ["| rule | severity | level | what it asks for |", "|---|---|---|---|", ...rows, ""].join("\n");
}

function section(policy: Policy): string {
  const settings = listSettings(policy).map(
    ([name, setting]) =>
      `| \`${name}\` | ${typeName(setting)} | \`${JSON.stringify(setting.default)}\` | ${setting.description} |`,
  );
  return [
    `## ${policy.name}\n`,
    `${policy.description} ${policy.why}\n`,
    `- Severity: ${policy.severity}; level: ${policy.enforcementLevel}; checked ${moments(policy)}`,
    `- Topics: ${policy.topics.join(", ")}`,
    `- Asked for by: ${policy.frameworks.join(", ")}`,
    `- Background: <${policy.link}>\n`,
    "| setting | type | default | meaning |",
    "|---|---|---|---|",
    ...settings,
    "",
  ].join("\n");
}

function typeName({ type }: Setting<unknown>): string {
  return type === "array" ? "list of strings" : String(type);
}

function moments(policy: Policy): string {
  const moments = [
    ...(policy.validate ? ["before each resource is created or changed"] : []),
    ...(policy.validateStack ? ["over the whole stack at the end of the run"] : []),
  ];
  return moments.join(" and ");
}

if (import.meta.main) writeFileSync(pageLocation, policiesPage(policies));
