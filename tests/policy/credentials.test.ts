import assert from "node:assert/strict";
import {
  credentialsByForm,
  isLiteralSecret,
  literalSecretsIn,
  looksRandom,
  secretName,
} from "../../policy/credentials.ts";

/** Joined here, so that scanners of repositories do not take it for a key. */
const dashes = "-".repeat(5);
const privateKey = `${dashes}BEGIN EC PRIVATE KEY${dashes}\nMHc=\n${dashes}END EC PRIVATE KEY${dashes}`;
const random = "9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c";

describe("names of secrets", () => {
  const names: readonly (readonly [string | undefined, readonly string[]])[] = [
    [
      "password",
      [
        "PASSWORD",
        "PGPASSWORD",
        "MYSQL_PWD",
        "DB_PASS",
        "adminPassword",
        "PASSWORD_1",
        "password2",
        "ssl.keystore.password",
      ],
    ],
    [
      "token",
      ["TOKEN", "API_KEY", "clientSecret", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "apikey", "jwt-secret"],
    ],
    ["key", ["KEY", "SORT_KEY", "ca.key", "BASIC_AUTH"]],
    [
      undefined,
      [
        "PASSWORD_FILE",
        "passwordFile",
        "TOKEN_URL",
        "SECRET_NAME",
        "MAX_TOKENS",
        "PUBLIC_KEY",
        "IMAGE_PULL_SECRET",
      ],
    ],
    [undefined, ["KEYSTORE", "KEY_SERIALIZER", "bypass", "COMPASS", "PASSWORD_MIN_LENGTH", "HOST", ""]],
  ];
  for (const [kind, examples] of names) {
    for (const name of examples) {
      it(`"${name}" promises ${kind ?? "nothing"}`, () => {
        assert.equal(secretName(name), kind);
      });
    }
  }
});

describe("values under the name of a secret", () => {
  for (const value of [
    "hunter2",
    "changeme",
    "neo4j/pa",
    "12345",
    "pa$sword",
    "correct horse",
    "$2y$10$abc",
    random,
  ]) {
    it(`a password "${value}" is written out`, () => {
      assert.equal(isLiteralSecret("password", value), true);
    });
  }

  const innocent = [
    ...["", "true", "disabled", "********", "/run/secrets/password", "./password.txt", "file:///run/x"],
    ...[
      "$(DB_PASSWORD)",
      "prefix-$(DB_PASSWORD)",
      "${DB_PASSWORD}",
      "$DB_PASSWORD",
      "{{ password }}",
      "<password>",
    ],
    ...["%(password)s", "%s", "vault:secret/data/db", "https://vault.example.org/v1/db"],
  ];
  for (const value of innocent) {
    it(`a password "${value}" is not`, () => {
      assert.equal(isLiteralSecret("password", value), false);
    });
  }

  for (const text of [
    random,
    "550e8400-e29b-41d4-a716-446655440000",
    "mX7p2Lq9vR4tZ1wK",
    "q8#Vt2!kP5@zN7&wB3",
  ]) {
    it(`"${text}" looks random`, () => {
      assert.equal(looksRandom(text), true);
    });
  }

  it("a token may be a number or a duration, a key may be the name of anything", () => {
    assert.equal(isLiteralSecret("token", "4096"), false);
    assert.equal(isLiteralSecret("token", "30s"), false);
    assert.equal(isLiteralSecret("token", "t0k3n"), true);
    assert.equal(isLiteralSecret("key", "customer_id"), false);
    assert.equal(isLiteralSecret("key", random), true);
  });

  for (const text of [
    "app.kubernetes.io/part-of",
    "org.apache.kafka.Serializer",
    "kubernetes-service-account",
    "mosquitto-client-1",
    "KafkaConnectWorkerV2Config",
    "1a1a1a1a1a1a1a1a1a1a",
    "a1b2c3d4e5",
  ]) {
    it(`"${text}" does not look random`, () => {
      assert.equal(looksRandom(text), false);
    });
  }
});

describe("credentials by their form", () => {
  const forms: readonly (readonly [string, readonly string[]])[] = [
    [privateKey, ["a private key"]],
    [`${dashes}BEGIN OPENSSH PRIVATE KEY${dashes}`, ["a private key"]],
    [`${dashes}BEGIN CERTIFICATE${dashes}`, []],
    [`${dashes}BEGIN PUBLIC KEY${dashes}`, []],
    ["url: postgres://app:hunter2@db:5432/app", ["a URL with a password"]],
    ["redis://:hunter2@cache:6379", ["a URL with a password"]],
    ["postgres://app:$(DB_PASSWORD)@db:5432/app", []],
    ["postgres://app:${DB_PASSWORD}@db:5432/app", []],
    ["postgres://app@db:5432/app", []],
    ["http://host:8080/path?mail=a@example.org", []],
    [`admin:$2y$10$abcdefghijklmnopqrstuvwxyz0123456789./ABCDEFGHIJKLMNO`, ["a password hash"]],
    [`token ghp_${"a1B2".repeat(9)}`, ["a GitHub token"]],
    [`AKIA${"ABCD".repeat(4)}`, ["an AWS access key"]],
    ["a plain text about passwords", []],
  ];
  for (const [text, phrases] of forms) {
    it(`${JSON.stringify(text.slice(0, 50))} holds ${phrases.join() || "none"}`, () => {
      assert.deepEqual(credentialsByForm(text), phrases);
    });
  }
});

describe("assignments of secrets in running text", () => {
  const telling: readonly (readonly [string, readonly string[]])[] = [
    ["password: changeme", ["password"]],
    ["a: 1\n  admin_password: 'changeme'\n", ["admin_password"]],
    ["mysql --password=abc -u x", ["password"]],
    ["mysql\n--password\nabc", ["password"]],
    ["export DB_PASSWORD=hunter2; run", ["DB_PASSWORD"]],
    ["spring.datasource.password=changeit", ["spring.datasource.password"]],
    ['username="a" password="abc";', ["password"]],
    ['{"user":"a","password":"abc123"}', ["password"]],
    [`token: ${random}`, ["token"]],
    [`client_secret=${random}\nclient_secret=${random}`, ["client_secret"]],
  ];
  for (const [text, names] of telling) {
    it(`${JSON.stringify(text)} sets ${names.join()}`, () => {
      assert.deepEqual(literalSecretsIn(text), names);
    });
  }

  const innocent = [
    "password: ${DB_PASSWORD}",
    "password_file: /etc/mosquitto/passwords",
    "passwordFile: /path",
    "password: /run/secrets/password",
    '# password: changeme\n// password: "x"\n; password = x',
    'token: ""',
    "token: required",
    "mysql --password $(DB_PASSWORD) --user x",
    "mysql --ask-password --user x",
    "PASSWORD=`cat /run/secrets/password`",
    'PASSWORD="$(cat /run/secrets/password)"',
    'if [ "$PASSWORD" == abc ]; then',
    "c.password = os.environ['DB_PASSWORD']",
    "def login(user: str, password: str):",
    "password=password",
    "Your password: choose one that is long",
    '{"password": {"type": "string"}}',
    '{"password":"**********"}',
    "password:\n  valueFrom: x",
    "response_type: token",
    "client_secret: of-my-client",
    "the keycloak-password is abc",
    "sort_key: name",
  ];
  for (const text of innocent) {
    it(`${JSON.stringify(text)} sets none`, () => {
      assert.deepEqual(literalSecretsIn(text), []);
    });
  }

  // It takes a tenth of a second; an expression that backtracks would take minutes.
  it("is found in a megabyte of hostile text without getting lost in it", () => {
    const text = `${"A".repeat(300_000)} ${"- --a".repeat(60_000)} ${"\n \n".repeat(100_000)} ${"a=$(".repeat(50_000)} password=x9`;
    const before = performance.now();
    assert.deepEqual(literalSecretsIn(text), ["password"]);
    assert.ok(performance.now() - before < 10_000);
  });
});
