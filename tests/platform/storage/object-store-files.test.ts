import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { promisify } from "node:util";
import {
  bucketsScript,
  replicationFile,
  securityFile,
} from "../../../platform/storage/object-store/files.ts";
import { objectStoreOptions } from "../../../platform/storage/object-store/options.ts";
import {
  bucketsOf,
  consumersAmong,
  identitiesFile,
  userOf,
} from "../../../platform/storage/object-store/users.ts";

const run = promisify(execFile);

describe("the object store's files", () => {
  it("give every user its rights in its buckets, and in no others", () => {
    const keys = (name: string) => ({ accessKey: `${name}-key`, secretKey: `${name}-secret` });
    const { identities } = JSON.parse(
      identitiesFile([{ name: "loader", read: ["upload"], write: ["processed"] }], {
        sysop: keys("sysop"),
        reader: keys("reader"),
        loader: keys("loader"),
      }),
    ) as { identities: unknown[] };
    assert.deepEqual(identities, [
      {
        name: "sysop",
        credentials: [keys("sysop")],
        actions: ["Admin", "Read", "List", "Write", "Tagging"],
      },
      { name: "reader", credentials: [keys("reader")], actions: ["Read", "List"] },
      {
        name: "loader",
        credentials: [keys("loader")],
        actions: [
          "List:processed",
          "List:upload",
          "Read:processed",
          "Read:upload",
          "Tagging:processed",
          "Write:processed",
        ],
      },
    ]);
    assert.throws(() => identitiesFile([], {}), /sysop of the object store has no keys/);
  });

  it("name every bucket once, of those declared and those of users", () => {
    const users = [userOf("mlflow"), { name: "a", read: ["upload"], write: ["new"] }];
    assert.deepEqual(bucketsOf(["upload", "test"], users), ["mlflow", "new", "test", "upload"]);
    assert.deepEqual(consumersAmong(["mlflow", "portal", "hive"]), ["hive", "mlflow"]);
  });

  it("let the parts talk only to whom their authority vouches for", () => {
    const file = securityFile('odd"key');
    assert.match(file, /^\[jwt\.signing\]\nkey = "odd\\"key"$/m);
    assert.match(file, /^\[grpc\]\nca = "\/usr\/local\/etc\/seaweedfs\/ca\.crt"$/m);
    for (const part of ["master", "volume", "filer", "s3", "client"])
      assert.match(
        file,
        new RegExp(`^\\[grpc\\.${part}\\]\\ncert = .*tls\\.crt"\\nkey = .*tls\\.key"$`, "m"),
      );
  });

  it("copy into a folder of the target, with its keys", () => {
    const target = {
      endpoint: "https://s3.example.org",
      bucket: "saved",
      region: "eu",
      folder: "dev/objects",
    };
    const keys = { accessKey: "id", secretKey: "secret" };
    assert.equal(
      replicationFile(target, keys, "mirror"),
      [
        "[sink.s3]",
        "enabled = true",
        'endpoint = "https://s3.example.org"',
        'region = "eu"',
        'bucket = "saved"',
        'directory = "/cc949c676e30/../dev/objects"',
        'aws_access_key_id = "id"',
        'aws_secret_access_key = "secret"',
        "is_incremental = false",
        "",
      ].join("\n"),
    );
    assert.match(replicationFile(target, keys, "by-day"), /is_incremental = true/);
  });

  it("begin anew at another service or bucket, and go on at the same, always in the same folder", () => {
    const target = {
      endpoint: "https://a.example.org",
      bucket: "saved",
      region: "eu",
      folder: "dev/objects",
    };
    const directory = (changes: Partial<typeof target>) => {
      const file = replicationFile({ ...target, ...changes }, { accessKey: "", secretKey: "" }, "mirror");
      return /^directory = "(.*)"$/m.exec(file)?.[1] ?? "";
    };
    const all = [{}, { endpoint: "https://b.example.org" }, { bucket: "other" }].map(directory);
    assert.equal(new Set(all).size, 3);
    assert.equal(directory({ region: "us" }), all[0]);
    for (const path of all) assert.equal(normalize(path), "/dev/objects");
  });
});

/** A store that keeps its buckets in a file, and answers two of the commands, as SeaweedFS 4.44 does. */
const store = `
while read -r command flag name; do
  case "$command" in
    s3.bucket.list) if [ "\${BROKEN:-}" = list ]; then echo "error: no leader" >&2; else while read -r bucket; do printf '  %s\\tsize:0\\tlogical:0\\tchunk:0\\n' "$bucket"; done < "$STORE"; fi ;;
    s3.bucket.create) echo "created bucket $name"; [ "\${BROKEN:-}" = create ] || echo "$name" >> "$STORE" ;;
  esac
done
`;

describe("the script that makes buckets", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "uap-buckets-"));
    await writeFile(join(folder, "store.sh"), store);
  });
  after(() => rm(folder, { recursive: true }));

  const make = async (buckets: readonly string[], there: string, broken = "") => {
    const file = join(folder, "buckets");
    await writeFile(file, there);
    const script = bucketsScript(buckets, `sh ${join(folder, "store.sh")}`);
    const environment = { PATH: process.env.PATH, STORE: file, BROKEN: broken };
    await run("/bin/sh", ["-euc", script], { env: environment });
    return readFile(file, "utf8");
  };

  it("makes those that are missing, and leaves the others alone", async () => {
    assert.equal(await make(["test", "upload"], ""), "test\nupload\n");
    assert.equal(await make(["test", "upload"], "test\nuploads\n"), "test\nuploads\nupload\n");
  });

  it("changes nothing when it runs again", async () => {
    assert.equal(await make(["test", "upload"], "upload\ntest\n"), "upload\ntest\n");
    assert.equal(await make(["test"], "upload\ntest\n"), "upload\ntest\n");
  });

  it("fails when a bucket is not there at its end", () =>
    assert.rejects(make(["test", "upload"], "test\n", "create"), /There is no bucket upload/));

  it("makes nothing when it cannot tell what is there", async () => {
    await assert.rejects(make(["test", "upload"], "test\n", "list"), /error: no leader/);
    assert.equal(await readFile(join(folder, "buckets"), "utf8"), "test\n");
  });
});

describe("the object store's options", () => {
  const accepts = (options: unknown) => objectStoreOptions.safeParse(options).success;

  it("have defaults", () => {
    const { buckets, copy, storage, users } = objectStoreOptions.parse({});
    assert.deepEqual({ copy, storage, users }, { copy: "none", storage: "20Gi", users: [] });
    assert.ok(buckets.includes("sensor-hourly"));
  });

  it("refuse bucket names that S3 would refuse", () => {
    assert.ok(accepts({ buckets: ["a-1"] }));
    for (const bucket of ["ab", "Upload", "a b", "-ab", "ab-", "a.b.c", "x".repeat(64)])
      assert.ok(!accepts({ buckets: [bucket] }), bucket);
  });

  it("refuse users of one name, and names of users that the platform makes", () => {
    assert.ok(accepts({ users: [{ name: "loader", write: ["upload"] }] }));
    assert.ok(!accepts({ users: [{ name: "loader" }, { name: "loader" }] }));
    for (const name of ["sysop", "reader", "mlflow"]) assert.ok(!accepts({ users: [{ name }] }), name);
  });
});
