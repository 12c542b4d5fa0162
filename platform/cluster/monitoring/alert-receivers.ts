import { z } from "zod";
import { Sensitive } from "../../../config/sensitive.ts";
import { portOf } from "../../kit/port-of.ts";

const service = z.url({
  protocol: /^https?$/,
  error: ({ input }) => (typeof input === "string" ? "is not an http or https URL." : undefined),
});

const secret = z
  .string()
  .min(1)
  .transform((value) => new Sensitive(value));

const address = z.email({
  error: ({ input }) => (typeof input === "string" ? "is not an e-mail address." : undefined),
});

/** Who is told of alerts, and how. */
export const alertReceiver = z.discriminatedUnion("kind", [
  /** By a POST of Alertmanager's own JSON, which most services that wake people take. */
  z.strictObject({
    kind: z.literal("webhook"),
    url: service.describe("the http or https URL of the service, without the path"),
    path: secret.describe("the path that takes alerts, such as /hooks/…; a secret"),
  }),
  /** By a message in a channel, for whatever takes Slack's incoming webhooks. */
  z.strictObject({
    kind: z.literal("slack"),
    /** @default "https://hooks.slack.com" */
    url: service
      .default("https://hooks.slack.com")
      .describe("the https URL of the service, without the path"),
    path: secret.describe("the path of the incoming webhook, such as /services/…; a secret"),
    channel: z.string().min(1).describe("the channel, such as #alerts"),
  }),
  z.strictObject({
    kind: z.literal("email"),
    to: address.describe("the e-mail address of whoever is told"),
    from: address.describe("the e-mail address that mails come from"),
    server: z.string().min(1).describe("the host name of the mail server"),
    /** @default 587, with STARTTLS */
    port: z.int().min(1).max(65_535).default(587).describe("the port of the mail server, such as 587"),
    user: z.string().min(1).describe("the account at the mail server"),
    password: secret.describe("the password of the account; a secret"),
  }),
]);

export type AlertReceiver = z.output<typeof alertReceiver>;

/** The port that is called to tell a receiver. */
export function receiverPort(receiver: AlertReceiver): number {
  return receiver.kind === "email" ? receiver.port : portOf(receiver.url);
}

/** The receivers' names in Alertmanager's configuration. */
const people = "people";
const nobody = "nobody";

/** Labels by which one alert is about the same thing as another. */
const same = ["namespace", "alertname"];

/**
 * Alertmanager's configuration; secret, since it holds the receivers' addresses.
 *
 * @param receivers each is told of everything; without any, alerts are seen by whoever looks
 */
export function alertmanagerConfiguration(receivers: readonly AlertReceiver[]): Record<string, unknown> {
  return {
    route: {
      receiver: people,
      group_by: same,
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
      routes: [
        // These two are tools of the rules themselves: one always fires, the other keeps the lesser ones quiet.
        { receiver: nobody, matchers: ['alertname =~ "Watchdog|InfoInhibitor"'] },
        { receiver: nobody, matchers: ['severity = "info"'] },
      ],
    },
    inhibit_rules: [
      { source_matchers: ['severity = "critical"'], target_matchers: ['severity = "warning"'], equal: same },
    ],
    receivers: [{ name: people, ...receiverSettings(receivers) }, { name: nobody }],
  };
}

/** Every receiver's settings, by their kind. */
function receiverSettings(receivers: readonly AlertReceiver[]): Record<string, unknown[]> {
  const byList = Map.groupBy(receivers.map(settingOf), ({ list }) => list);
  return Object.fromEntries(
    [...byList].map(([list, settings]) => [list, settings.map(({ setting }) => setting)]),
  );
}

interface Setting {
  readonly list: "webhook_configs" | "slack_configs" | "email_configs";
  readonly setting: Readonly<Record<string, unknown>>;
}

function settingOf(receiver: AlertReceiver): Setting {
  switch (receiver.kind) {
    case "webhook":
      return {
        list: "webhook_configs",
        setting: { url: addressOf(receiver), send_resolved: true },
      };
    case "slack":
      return {
        list: "slack_configs",
        setting: {
          api_url: addressOf(receiver),
          channel: receiver.channel,
          send_resolved: true,
          text: '{{ range .Alerts }}{{ .Annotations.summary }}{{ "\\n" }}{{ end }}',
        },
      };
    case "email":
      return {
        list: "email_configs",
        setting: {
          to: receiver.to,
          from: receiver.from,
          smarthost: `${receiver.server}:${receiver.port}`,
          auth_username: receiver.user,
          auth_password: receiver.password.reveal(),
          send_resolved: true,
        },
      };
    default:
      return receiver satisfies never;
  }
}

function addressOf({ path, url }: Extract<AlertReceiver, { readonly path: Sensitive }>): string {
  return new URL(path.reveal(), url).href;
}
