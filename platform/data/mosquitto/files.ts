import { pbkdf2Sync } from "node:crypto";
import { mqttsPort } from "../../../infra/bootstrap/public-ports.ts";

/** An account of the broker and what it may do. Topics may end in `#` (all below) or hold `+` (one level). */
export interface MosquittoAccount {
  readonly name: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Where the broker finds its files; the pod mounts them there. */
export const mosquittoPaths = {
  configuration: "/mosquitto/config",
  accounts: "/mosquitto/accounts",
  certificate: "/mosquitto/tls",
  data: "/mosquitto/data",
} as const;

/** Plain MQTT, inside the cluster only. */
export const mqttPort = 1883;

/**
 * `mosquitto.conf`: two listeners, nobody anonymous, accounts and topics from files.
 *
 * The plugins take the place of `password_file` and `acl_file`, which version 2.1 deprecates.
 */
export function mosquittoConfiguration(): string {
  const { accounts, certificate, data } = mosquittoPaths;
  return lines(
    "allow_anonymous false",
    "global_plugin /usr/lib/mosquitto_password_file.so",
    `plugin_opt_password_file ${accounts}/passwords`,
    "global_plugin /usr/lib/mosquitto_acl_file.so",
    `plugin_opt_acl_file ${accounts}/topics`,
    "",
    `listener ${mqttPort}`,
    "",
    `listener ${mqttsPort}`,
    `certfile ${certificate}/tls.crt`,
    `keyfile ${certificate}/tls.key`,
    "tls_version tlsv1.2",
    "",
    "persistence true",
    `persistence_location ${data}/`,
    "autosave_interval 300",
    "persistent_client_expiration 14d",
    "log_dest stdout",
    "log_type error",
    "log_type warning",
    "log_type notice",
  );
}

/** The ACL file: for each account the topics that it may write and read. */
export function mosquittoTopics(accounts: readonly MosquittoAccount[]): string {
  return accounts
    .map((account) =>
      lines(
        `user ${account.name}`,
        ...account.publish.map((topic) => `topic write ${topic}`),
        ...account.subscribe.map((topic) => `topic read ${topic}`),
      ),
    )
    .join("\n");
}

/** mosquitto_passwd's own default. More would only slow down every connection: the passwords are 190 random bits. */
const iterations = 1000;
const hashBytes = 64;

/**
 * A line of the password file: `name:$7$<iterations>$<salt>$<hash>`, PBKDF2 with HMAC-SHA512.
 *
 * @param salt the salt's bytes in standard base64; fixed per account, so that the file stays the same between updates.
 */
export function mosquittoPassword(account: string, password: string, salt: string): string {
  const hash = pbkdf2Sync(password, Buffer.from(salt, "base64"), iterations, hashBytes, "sha512");
  return `${account}:$7$${iterations}$${salt}$${hash.toString("base64")}`;
}

function lines(...texts: string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
