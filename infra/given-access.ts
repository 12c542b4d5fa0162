import { spawnSync } from "node:child_process";
import { parse } from "yaml";
import { z } from "zod";
import type { ApiAccess } from "./kubernetes-api.ts";

const commandSchema = z.object({
  apiVersion: z.string(),
  command: z.string(),
  args: z
    .array(z.string())
    .nullish()
    .transform((args) => args ?? []),
  env: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .transform((env) => env ?? []),
});

const userSchema = z.object({
  "client-certificate-data": z.base64().optional(),
  "client-key-data": z.base64().optional(),
  token: z.string().optional(),
  exec: commandSchema.optional(),
});

const fileSchema = z.object({
  clusters: z.tuple([
    z.object({
      cluster: z.object({ server: z.url(), "certificate-authority-data": z.base64().optional() }),
    }),
  ]),
  users: z.tuple([z.object({ user: userSchema })]),
});

const answerSchema = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
  }),
});

/**
 * Reads a kubeconfig of any cluster, cut down to one way in: a certificate, a token, or a command that gets one.
 *
 * @throws Error when there is no way in that could be used here
 */
export function givenAccess(kubeconfig: string): ApiAccess {
  const {
    clusters: [{ cluster }],
    users: [{ user }],
  } = fileSchema.parse(parse(kubeconfig));
  const authority = cluster["certificate-authority-data"];
  return {
    server: new URL(cluster.server),
    ...(authority !== undefined && { authority: plain(authority) }),
    ...identityOf(user),
  };
}

type Identity = Pick<ApiAccess, "certificate" | "key" | "token">;

function identityOf({ exec, token, ...user }: z.output<typeof userSchema>): Identity {
  const { "client-certificate-data": certificate, "client-key-data": key } = user;
  if (certificate !== undefined && key !== undefined)
    return { certificate: plain(certificate), key: plain(key) };
  if (token !== undefined) return { token };
  if (exec) return answerOf(exec);
  throw new Error(
    "The kubeconfig names neither a certificate nor a token nor a command that gets one: this program has no other way in.",
  );
}

/** What a command says who we are, by Kubernetes' own protocol for such commands. */
function answerOf({ apiVersion, args, command, env }: z.output<typeof commandSchema>): Identity {
  const request = { apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const { error, status, stderr, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, ...variables, KUBERNETES_EXEC_INFO: JSON.stringify(request) },
  });
  if (error || status !== 0)
    throw new Error(`The kubeconfig's command ${command} failed: ${error?.message ?? stderr.trim()}`);
  const { clientCertificateData, clientKeyData, token } = answerSchema.parse(JSON.parse(stdout)).status;
  return {
    ...(token !== undefined && { token }),
    ...(clientCertificateData !== undefined && { certificate: clientCertificateData }),
    ...(clientKeyData !== undefined && { key: clientKeyData }),
  };
}

function plain(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
