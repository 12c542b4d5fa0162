import assert from "node:assert/strict";
import { parse } from "../../../config/parse.ts";
import {
  alertmanagerConfiguration,
  receiverPort,
} from "../../../platform/cluster/monitoring/alert-receivers.ts";
import { monitoringOptions, type MonitoringOptions } from "../../../platform/cluster/monitoring/options.ts";

const webhook = { kind: "webhook", url: "https://alerts.example.org", path: "/hush" };
const slack = { kind: "slack", url: "https://chat.example.org:8443", path: "/hush", channel: "#alerts" };
const email = {
  kind: "email",
  to: "ops@example.org",
  from: "uap@example.org",
  server: "mail.example.org",
  user: "uap",
  password: "hush",
};

function receiversOf(...alerts: readonly object[]): MonitoringOptions["alerts"] {
  const { findings, value } = parse(monitoringOptions, { alerts }, ["monitoring"]);
  assert.deepEqual(findings, []);
  assert.ok(value);
  return value.alerts;
}

interface Configuration {
  readonly route: { readonly receiver: string; readonly routes: readonly { readonly receiver: string }[] };
  readonly receivers: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
}

function configurationOf(...alerts: readonly object[]): Configuration {
  return alertmanagerConfiguration(receiversOf(...alerts)) as unknown as Configuration;
}

describe("Alertmanager's configuration", () => {
  it("tells every receiver of everything", () => {
    const { receivers, route } = configurationOf(webhook, slack, email, webhook);
    const people = receivers.find(({ name }) => name === route.receiver);
    assert.deepEqual(people?.webhook_configs, [
      { url: "https://alerts.example.org/hush", send_resolved: true },
      { url: "https://alerts.example.org/hush", send_resolved: true },
    ]);
    assert.deepEqual(
      (people.slack_configs as { channel: string }[]).map(({ channel }) => channel),
      ["#alerts"],
    );
    assert.deepEqual(people.email_configs, [
      {
        to: "ops@example.org",
        from: "uap@example.org",
        smarthost: "mail.example.org:587",
        auth_username: "uap",
        auth_password: "hush",
        send_resolved: true,
      },
    ]);
  });

  it("names no receiver that it does not have, also when nobody is told", () => {
    for (const { receivers, route } of [configurationOf(), configurationOf(email)]) {
      const names = receivers.map(({ name }) => name);
      for (const { receiver } of [route, ...route.routes]) assert.ok(names.includes(receiver), receiver);
    }
  });

  it("says which ports it calls", () => {
    assert.deepEqual(receiversOf(webhook, slack, email).map(receiverPort), [443, 8443, 587]);
  });
});

describe("the option `alerts`", () => {
  it("takes any text for what is secret, as the rehearsal's for what it cannot read", () => {
    const [receiver] = configurationOf({ kind: "slack", path: "unread", channel: "#alerts" }).receivers;
    assert.equal(
      (receiver?.slack_configs as { api_url: string }[])[0]?.api_url,
      "https://hooks.slack.com/unread",
    );
  });

  it("shows no secret, and says what is wrong", () => {
    assert.doesNotMatch(JSON.stringify(receiversOf(webhook, slack, email)), /hush/);
    const { findings } = parse(
      monitoringOptions,
      {
        alerts: [
          { ...webhook, url: "hush" },
          { ...email, to: "ops" },
        ],
      },
      ["monitoring"],
    );
    assert.deepEqual(
      findings.map(({ path, reason }) => [path.slice(1).join("."), reason]),
      [
        ["alerts.0.url", "is not an http or https URL."],
        ["alerts.1.to", "is not an e-mail address."],
      ],
    );
  });
});
