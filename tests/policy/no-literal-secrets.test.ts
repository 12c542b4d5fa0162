import assert from "node:assert/strict";
import { noLiteralSecrets } from "../../policy/no-literal-secrets.ts";
import { breaches, deployment, notYetKnown, object, problems } from "./resources.ts";

const password = "s3cr3t-passw0rd";
const fromSecret = { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } };

describe("policy no-literal-secrets", () => {
  it("passes a workload that takes its credentials from a Secret", () => {
    const env = [fromSecret, { name: "DB_URL", value: "postgres://app:$(DB_PASSWORD)@db/app" }];
    const args = ["--user", "app", "--password", "$(DB_PASSWORD)", "--password-file=/run/secrets/db"];
    const secret = object("Secret", "db", { stringData: { password, username: "app", host: "db.data.svc" } });
    assert.deepEqual(breaches(noLiteralSecrets, [deployment({ env, args }), secret]), []);
  });

  it("fails a literal password in a variable, says where and how to fix it, and never quotes it", () => {
    const env = [
      { name: "MODE", value: "fast" },
      { name: "DB_PASSWORD", value: password },
    ];
    const found = breaches(noLiteralSecrets, [deployment({ env })]);
    assert.deepEqual(found, [
      {
        resource: "web",
        path: "spec.template.spec.containers[0].env[1].value",
        problem: 'variable "DB_PASSWORD" of container "web" is named like a secret and has a literal value',
        fix: "create the Secret with `secretObject` (platform/kit) and take the value by `valueFrom.secretKeyRef`",
      },
    ]);
    assert.equal(JSON.stringify(found).includes(password), false);
  });

  it("fails a variable of any name that holds a URL with a password", () => {
    const env = [{ name: "DATABASE", value: `postgres://app:${password}@db/app` }];
    assert.deepEqual(problems(noLiteralSecrets, [deployment({ env })]), [
      'variable "DATABASE" of container "web" holds a URL with a password',
    ]);
  });

  it("fails a variable named like a secret that takes its value from an output, already in the preview", () => {
    const variable = (name: string): object => ({ name, value: notYetKnown });
    const env = [variable("DB_PASSWORD"), variable("DB_HOST"), variable("SORT_KEY")];
    assert.deepEqual(problems(noLiteralSecrets, [deployment({ env })]), [
      'variable "DB_PASSWORD" of container "web" takes its value from an output, in clear',
    ]);
  });

  const commands: readonly (readonly [string, object])[] = [
    ["args", { args: ["serve", "--admin-password", password] }],
    ["command", { command: ["sh", "-c", `export DB_PASSWORD=${password}; exec serve`] }],
    [
      "livenessProbe.exec.command",
      { livenessProbe: { exec: { command: ["ping", `--password=${password}`] } } },
    ],
    [
      "lifecycle.preStop.exec.command",
      { lifecycle: { preStop: { exec: { command: [`x --password=${password}`] } } } },
    ],
  ];
  for (const [path, container] of commands) {
    it(`fails a password in ${path}`, () => {
      const found = breaches(noLiteralSecrets, [deployment({ ...container })]);
      assert.deepEqual(
        found.map((each) => each.path),
        [`spec.template.spec.containers[0].${path}`],
      );
      assert.equal(JSON.stringify(found).includes(password), false);
    });
  }

  it("fails credentials in a ConfigMap: by name, by form and in running text", () => {
    const data = {
      ADMIN_PASSWORD: password,
      "tls.key": `${"-".repeat(5)}BEGIN PRIVATE KEY${"-".repeat(5)}\nMIG=\n`,
      "application.yml": `db:\n  user: app\n  password: ${password}\n`,
      passwordFile: "/etc/passwords",
      "mosquitto.conf": "allow_anonymous false\npassword_file /etc/mosquitto/passwords\n",
      "unknown.conf": notYetKnown,
    };
    assert.deepEqual(
      breaches(noLiteralSecrets, [object("ConfigMap", "settings", { data })]).map(({ path, problem }) => [
        path,
        problem,
      ]),
      [
        ['data["ADMIN_PASSWORD"]', 'entry "ADMIN_PASSWORD" is named like a secret and has a literal value'],
        ['data["tls.key"]', 'entry "tls.key" holds a private key'],
        ['data["application.yml"]', 'entry "application.yml" sets password to a literal value'],
      ],
    );
  });

  it("lets the names of the settings pass, but never a private key under such a name", () => {
    const env = [{ name: "PAD_TOKEN", value: "[PAD]" }];
    const key = [{ name: "PAD_TOKEN", value: `${"-".repeat(5)}BEGIN PRIVATE KEY${"-".repeat(5)}` }];
    const args = ["serve", "--demo-password", "demo"];
    const settings = { allowedNames: ["PAD_TOKEN", "demo-password"] };
    assert.equal(problems(noLiteralSecrets, [deployment({ env })]).length, 1);
    assert.equal(problems(noLiteralSecrets, [deployment({ env })], settings).length, 0);
    assert.equal(problems(noLiteralSecrets, [deployment({ env: key })], settings).length, 1);
    assert.equal(problems(noLiteralSecrets, [deployment({ args })]).length, 1);
    assert.equal(problems(noLiteralSecrets, [deployment({ args })], settings).length, 0);
  });

  it("does not judge Secrets", () => {
    assert.deepEqual(breaches(noLiteralSecrets, [object("Secret", "db", { stringData: { password } })]), []);
  });

  describe("over the whole stack", () => {
    const plain = object("Secret", "db", { stringData: { password, host: "db.data.svc.cluster.local" } });
    const encoded = object("Secret", "db", { data: { password: Buffer.from(password).toString("base64") } });
    const leaking = object("ConfigMap", "settings", {
      data: { "app.ini": `dsn = ${password}\nhost = db.data.svc.cluster.local` },
    });

    for (const [title, secret] of [
      ["plain", plain],
      ["encoded", encoded],
    ] as const) {
      it(`finds the content of a Secret elsewhere, when it is ${title}`, () => {
        const found = breaches(noLiteralSecrets, [secret, leaking]);
        assert.deepEqual(
          found.map(({ path, problem }) => [path, problem]),
          [
            [
              'data["app.ini"]',
              'entry "app.ini" repeats in clear what the key "password" of Secret "db" holds',
            ],
          ],
        );
        assert.equal(JSON.stringify(found).includes(password), false);
      });
    }

    it("looks for nothing that is short, unknown, or no credential", () => {
      const secret = object("Secret", "db", {
        stringData: {
          password: "web",
          token: notYetKnown,
          host: "db.data.svc.cluster.local",
          "users.txt": "a\nb\nc\nd\ne",
        },
      });
      const other = object("ConfigMap", "settings", {
        data: { a: "web db.data.svc.cluster.local a\nb\nc\nd\ne" },
      });
      assert.deepEqual(problems(noLiteralSecrets, [secret, other]), []);
    });
  });
});
