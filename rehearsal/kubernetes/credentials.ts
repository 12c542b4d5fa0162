import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

import { messageOf, UserError } from "../errors.ts";
import type { Connection, ExecCommand } from "./kubeconfig.ts";

/** What proves to the API server who asks, and until when. */
export interface Credentials {
  readonly token?: string;
  /** Client certificate, PEM. */
  readonly certificate?: string;
  /** Client key, PEM. */
  readonly key?: string;
  /** When they must be obtained anew, in milliseconds since 1970. @default never */
  readonly expires?: number;
}

/**
 * Obtains a connection's credentials: those in the kubeconfig, or those that its plugin prints.
 *
 * @throws UserError when the plugin is missing or fails.
 */
export async function obtainCredentials(connection: Connection): Promise<Credentials> {
  const { exec, tokenFile, ...credentials } = connection.user;
  if (exec !== undefined) return runPlugin(exec, connection);
  if (tokenFile === undefined) return credentials;
  try {
    const token = (await readFile(tokenFile, "utf8")).trim();
    return { ...credentials, token, expires: Date.now() + 60_000 };
  } catch (error) {
    throw new UserError(`The kubeconfig's token file cannot be read: ${messageOf(error)}`);
  }
}

interface ExecCredential {
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

async function runPlugin(exec: ExecCommand, connection: Connection): Promise<Credentials> {
  const request = {
    apiVersion: exec.apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, cluster: { server: connection.server } },
  };
  const environment = {
    ...process.env,
    ...exec.environment,
    KUBERNETES_EXEC_INFO: JSON.stringify(request),
  };
  let output: string;
  try {
    ({ stdout: output } = await promisify(execFile)(exec.command, exec.arguments, { env: environment }));
  } catch (error) {
    const hint = exec.installHint === undefined ? "" : `\n${exec.installHint}`;
    throw new UserError(
      `The kubeconfig's credential plugin \`${exec.command}\` failed: ${messageOf(error)}${hint}`,
    );
  }
  return parsePlugin(exec.command, output);
}

function parsePlugin(command: string, output: string): Credentials {
  let status: ExecCredential["status"];
  try {
    status = (JSON.parse(output) as ExecCredential).status;
  } catch {
    // Reported below, without the output: it may hold half a secret.
  }
  if (status === undefined) {
    throw new UserError(
      `The kubeconfig's credential plugin \`${command}\` printed no ExecCredential with a status.`,
    );
  }
  return {
    ...(status.token === undefined ? {} : { token: status.token }),
    ...(status.clientCertificateData === undefined ? {} : { certificate: status.clientCertificateData }),
    ...(status.clientKeyData === undefined ? {} : { key: status.clientKeyData }),
    ...(status.expirationTimestamp === undefined ? {} : { expires: Date.parse(status.expirationTimestamp) }),
  };
}
