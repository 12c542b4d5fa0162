import type { OpenbaoOptions, OpenbaoPolicy } from "./options.ts";

/** Where the servers find their certificate, the key that unseals them, and what they do once, at the very first start. */
export const openbaoPaths = { tls: "/openbao/tls", seal: "/openbao/seal", start: "/openbao/start" } as const;

/** What the names of the servers' metrics begin with. */
export const metricsPrefix = "openbao";

/** Where the image has the public authorities. */
const publicAuthorities = "/etc/ssl/certs/ca-certificates.crt";

/** Who may write policies: the Job's service account, by this policy and this role of the login. */
export const policyWriter = "policy-writer";

/** The variable that holds the administrator's password at the first start. */
export const passwordVariable = "UAP_ADMIN_PASSWORD";

/** The servers' configuration; no secret stands in it. JSON, which is HCL too. */
export function serverConfiguration(seal: OpenbaoOptions["seal"], replicas: number): string {
  const certificate = {
    tls_cert_file: `${openbaoPaths.tls}/tls.crt`,
    tls_key_file: `${openbaoPaths.tls}/tls.key`,
  };
  const sealing = sealStanza(seal);
  // Figures alone; NetworkPolicies decide who may ask.
  const measured = { telemetry: { unauthenticated_metrics_access: true } };
  return JSON.stringify(
    {
      ui: false,
      listener: [
        { tcp: { address: "[::]:8200", cluster_address: "[::]:8201", ...certificate, ...measured } },
      ],
      telemetry: { prometheus_retention_time: "24h", disable_hostname: true, metrics_prefix: metricsPrefix },
      storage: {
        raft: { path: "/openbao/data", ...(replicas > 1 && { retry_join: peers(replicas) }) },
      },
      service_registration: { kubernetes: {} },
      ...(sealing && { seal: sealing }),
    },
    undefined,
    2,
  );
}

/** Every server may join any other one. */
function peers(replicas: number) {
  return Array.from({ length: replicas }, (_, index) => ({
    leader_api_addr: `https://openbao-${index}.openbao-internal:8200`,
    leader_ca_cert_file: `${openbaoPaths.tls}/ca.crt`,
  }));
}

/** The stanza of an auto-unseal; its secrets come by file or by variable. */
function sealStanza(seal: OpenbaoOptions["seal"]): Record<string, unknown> | undefined {
  switch (seal.kind) {
    case "none":
      return undefined;
    case "static":
      return { static: { current_key_id: "1", current_key: `file://${openbaoPaths.seal}/key` } };
    case "transit":
      return {
        transit: {
          address: seal.address,
          key_name: seal.key,
          mount_path: seal.mount,
          // Else it would be held against the servers' own authority, by the variable that is meant for people in the pods.
          tls_ca_cert: publicAuthorities,
        },
      };
    case "awskms":
      return { awskms: { region: seal.region, kms_key_id: seal.key } };
    default:
      return seal satisfies never;
  }
}

/**
 * What the first server does when it finds no data: the administrator's account, a place for secrets, and a login for service accounts, by
 * which the Job writes the declared policies from then on. No root token and no recovery key is left over.
 */
export function firstStart(namespace: string): string {
  const change = (path: string, data: Record<string, unknown>) => ({ operation: "update", path, data });
  const requests = {
    "administrator-policy": change("sys/policies/acl/administrator", {
      policy: policyText({
        "*": ["create", "read", "update", "patch", "delete", "list", "scan", "sudo"],
      }),
    }),
    passwords: change("sys/auth/userpass", { type: "userpass" }),
    administrator: change("auth/userpass/users/admin", {
      password: {
        eval_type: "string",
        eval_source: "env",
        env_var: passwordVariable,
        require_present: true,
      },
      token_policies: ["administrator"],
    }),
    secrets: change("sys/mounts/secret", { type: "kv-v2" }),
    accounts: change("sys/auth/kubernetes", { type: "kubernetes" }),
    "accounts-of": change("auth/kubernetes/config", { kubernetes_host: "https://kubernetes.default.svc" }),
    "writer-policy": change(`sys/policies/acl/${policyWriter}`, {
      policy: policyText({
        "sys/policies/acl/*": ["create", "update"],
        "auth/kubernetes/role/*": ["create", "update"],
      }),
    }),
    writer: change(`auth/kubernetes/role/${policyWriter}`, {
      bound_service_account_names: [policyWriter],
      bound_service_account_namespaces: [namespace],
      token_policies: [policyWriter],
      token_ttl: "10m",
    }),
  };
  const request = Object.entries(requests).map(([name, body]) => ({ [name]: body }));
  return JSON.stringify({ initialize: [{ uap: { request } }] }, undefined, 2);
}

/** A policy as OpenBao reads it. JSON, which is HCL too. */
export function policyText(paths: OpenbaoPolicy["paths"]): string {
  const rules = Object.entries(paths).map(([path, capabilities]) => [path, { capabilities }]);
  return JSON.stringify({ path: Object.fromEntries(rules) as Record<string, unknown> }, undefined, 2);
}

/** The files of the Job: each policy, each login that gets it, and the script that writes them. */
export function policyFiles(policies: readonly OpenbaoPolicy[]): Record<string, string> {
  const files = policies.flatMap(({ account, name, paths }) => [
    [`${name}.policy.json`, policyText(paths)],
    ...(account ? [[`${name}.role.json`, roleText(name, account)]] : []),
  ]);
  return { ...(Object.fromEntries(files) as Record<string, string>), "write.sh": writeScript };
}

function roleText(policy: string, account: NonNullable<OpenbaoPolicy["account"]>): string {
  return JSON.stringify({
    bound_service_account_names: [account.name],
    bound_service_account_namespaces: [account.namespace],
    token_policies: [policy],
    token_ttl: "1h",
  });
}

const writeScript = `set -eu
account=/var/run/secrets/kubernetes.io/serviceaccount/token
BAO_TOKEN=$(bao write -field=token auth/kubernetes/login role=${policyWriter} jwt=@$account)
export BAO_TOKEN
for file in /policies/*.policy.json; do
  bao policy write "$(basename "$file" .policy.json)" "$file"
done
for file in /policies/*.role.json; do
  if [ -e "$file" ]; then bao write "auth/kubernetes/role/$(basename "$file" .role.json)" @"$file"; fi
done
`;
