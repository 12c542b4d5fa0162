import type { ChartValues } from "../../kit/chart.ts";
import { hardened } from "../../kit/security.ts";

/** A bcrypt hash as PHP writes them: the same hash under another name, where the password is as short as ours. */
export function phpHash(hash: string): string {
  return hash.replace(/^\$2[ab]\$/, () => "$2y$");
}

/** The first account, as Zabbix makes it. */
export const administrator = "Admin";

/** Keys of the Secret by which the chart's pods find their database. */
export const databaseKeys = { user: "user", password: "password", database: "dbname" } as const;

/** Names of the objects that the seeding container reads, and the checksum of what is in them. */
export interface Seeding {
  /** Address of the database. */
  readonly host: string;
  /** The ConfigMap with {@link seedFiles}. */
  readonly files: string;
  /** The Secret with the password's hash, under `hash`. */
  readonly administrator: string;
  /** The Secret with {@link databaseKeys}. */
  readonly database: string;
}

const folders = { files: "/seed/files", administrator: "/seed/administrator" } as const;

/**
 * Waits until the server has made its first account, which has a password that everybody knows, and puts the hash of the generated one in
 * its place. Sessions that anybody may have begun with another password end.
 *
 * It goes before every start of the pages, so that there is no moment at which they know the other password: neither after the database
 * is made, nor after an old backup of it is brought back.
 */
export const seedFiles = {
  "seed.sh": `set -eu
answer() { psql --tuples-only --no-align --command "$1" 2>/dev/null || true; }
until [ "$(answer 'SELECT count(*) FROM users WHERE userid = 1')" = 1 ]; do
  echo "The server has not made its first account yet."
  sleep 2
done
test -s ${folders.administrator}/hash
psql --no-psqlrc --quiet --single-transaction --set ON_ERROR_STOP=1 --file ${folders.files}/administrator.sql
`,
  // psql reads the hash from its file and quotes it; it stands in no argument and in no variable of the environment.
  "administrator.sql": `\\set hash \`cat ${folders.administrator}/hash\`
WITH administrator (userid, hash) AS (VALUES (1, :'hash')),
changed AS (
  UPDATE users SET passwd = administrator.hash FROM administrator
  WHERE users.userid = administrator.userid AND users.passwd <> administrator.hash
  RETURNING users.userid
)
DELETE FROM sessions USING changed WHERE sessions.userid = changed.userid;
`,
} as const;

/** PostgreSQL, whose image has `psql` too: the chart's release, pinned closer than the chart does. */
export const databaseImage = { repository: "postgres", tag: "16.10" } as const;
/** The user of that image. */
export const databaseUser = 999;

/** A container that must end well before the pages start, and the volumes that it reads. */
export function seedingPod(seeding: Seeding): {
  readonly container: ChartValues;
  readonly volumes: ChartValues[];
} {
  const { administrator: secretName, database, files, host } = seeding;
  const variables = {
    PGUSER: databaseKeys.user,
    PGPASSWORD: databaseKeys.password,
    PGDATABASE: databaseKeys.database,
  };
  return {
    container: {
      name: "administrator",
      image: `${databaseImage.repository}:${databaseImage.tag}`,
      imagePullPolicy: "IfNotPresent",
      command: ["/bin/sh", `${folders.files}/seed.sh`],
      env: [
        { name: "PGHOST", value: host },
        ...Object.entries(variables).map(([name, key]) => ({
          name,
          valueFrom: { secretKeyRef: { name: database, key } },
        })),
      ],
      resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "200m", memory: "64Mi" } },
      securityContext: {
        ...hardened,
        runAsNonRoot: true,
        runAsUser: databaseUser,
      },
      volumeMounts: Object.entries(folders).map(([name, mountPath]) => ({
        name: volumeName(name),
        mountPath,
        readOnly: true,
      })),
    },
    volumes: [
      { name: volumeName("files"), configMap: { name: files } },
      { name: volumeName("administrator"), secret: { secretName } },
    ],
  };
}

function volumeName(folder: string): string {
  return `seed-${folder}`;
}
