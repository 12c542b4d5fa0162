import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { digestOf } from "../../kit/checksum.ts";
import { podTemplate, type ContainerArgs } from "../../kit/container.ts";
import { curlUser } from "../../kit/curl.ts";
import { secretObject } from "../../kit/secret-object.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { administrator } from "./administrator.ts";

const folders = { requests: "/requests", login: "/login", scratch: "/tmp" } as const;

/** The action's name, by which it is found again. */
const actionName = "Nodes register themselves";
/** The host that Zabbix has from the beginning, with an agent too. */
const knownHost = "Zabbix server";

/** A request to Zabbix's API, as JSON-RPC. */
function request(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params, id: 1 });
}

/** The login. @param password of the administrator; the text is secret */
export function loginRequest(password: string): string {
  return request("user.login", { username: administrator, password });
}

/**
 * What the Job asks: whether there is an action for agents that call for the first time, and otherwise to make one, which makes a host of
 * each, in Zabbix's own group and with its own template for Linux. What people change about it stays as they have it.
 */
export const registrationFiles = {
  "find-action.json": request("action.get", { output: ["actionid"], filter: { name: actionName } }),
  "find-group.json": request("hostgroup.get", { output: ["groupid"], filter: { name: "Linux servers" } }),
  "find-template.json": request("template.get", {
    output: ["templateid"],
    filter: { host: "Linux by Zabbix agent active" },
  }),
  // The numbers are the API's: an agent that registers itself; its name does not contain; a host is made, put into a group, and watched by
  // a template.
  "create-action.json": request("action.create", {
    name: actionName,
    eventsource: 2,
    filter: { evaltype: 0, conditions: [{ conditiontype: 22, operator: 3, value: knownHost }] },
    operations: [
      { operationtype: 2 },
      { operationtype: 4, opgroup: [{ groupid: "@groupid@" }] },
      { operationtype: 6, optemplate: [{ templateid: "@templateid@" }] },
    ],
  }),
  "logout.json": request("user.logout", []),
  // The login and the token are read from files, so that they stand in no argument.
  "register.sh": `set -eu
call() {
  curl --silent --show-error --fail --retry 10 --retry-all-errors --max-time 30 \\
    --header "Content-Type: application/json-rpc" --header @${folders.scratch}/headers \\
    --data @"$1" --output ${folders.scratch}/answer "$ZABBIX_API"
  if grep -q '"error"' ${folders.scratch}/answer; then
    cat ${folders.scratch}/answer >&2
    exit 1
  fi
}
answered() { sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p" ${folders.scratch}/answer; }
: >${folders.scratch}/headers
call ${folders.login}/login.json
printf 'Authorization: Bearer %s\\n' "$(answered result)" >${folders.scratch}/headers
call ${folders.requests}/find-action.json
if [ -z "$(answered actionid)" ]; then
  call ${folders.requests}/find-group.json
  groupid=$(answered groupid)
  call ${folders.requests}/find-template.json
  templateid=$(answered templateid)
  sed "s/@groupid@/$groupid/; s/@templateid@/$templateid/" ${folders.requests}/create-action.json >${folders.scratch}/action
  call ${folders.scratch}/action
fi
call ${folders.requests}/logout.json
`,
} as const;

export interface RegistrationArgs {
  /** Image with `curl` and a shell. */
  readonly image: string;
  /** Address of the API inside the cluster. */
  readonly api: string;
  readonly password: pulumi.Output<string>;
  readonly metadata: (name: string) => ObjectMetadata;
}

/** A Job that has agents register themselves: a new one at every change of what it asks, which may run as often as it likes. */
export function registerAgents(
  { api, image, metadata, password }: RegistrationArgs,
  { dependsOn, parent }: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] },
): void {
  const own = metadata(`zabbix-registration-${digestOf([registrationFiles]).slice(0, 8)}`);
  const requests = new kubernetes.core.v1.ConfigMap(
    "zabbix-registration",
    { metadata: own, data: { ...registrationFiles } },
    { parent },
  );
  const login = secretObject(
    "zabbix-registration-login",
    metadata("zabbix-registration-login"),
    password.apply((text) => ({ "login.json": loginRequest(text) })),
    { parent },
  );
  new kubernetes.batch.v1.Job(
    "zabbix-registration",
    {
      metadata: own,
      spec: {
        backoffLimit: 10,
        template: podTemplate({
          labels: own.labels,
          user: curlUser,
          restartPolicy: "OnFailure",
          containers: [caller({ api, image })],
          volumes: [
            { name: "requests", configMap: { name: requests.metadata.name } },
            { name: "login", secret: { secretName: login.metadata.name } },
            { name: "scratch", emptyDir: { sizeLimit: "1Mi" } },
          ],
        }),
      },
    },
    { parent, dependsOn },
  );
}

function caller({ api, image }: Pick<RegistrationArgs, "api" | "image">): ContainerArgs {
  return {
    name: "registration",
    image,
    command: ["/bin/sh", `${folders.requests}/register.sh`],
    env: [{ name: "ZABBIX_API", value: api }],
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
    mounts: Object.entries(folders).map(([name, mountPath]) => ({
      name,
      mountPath,
      readOnly: name !== "scratch",
    })),
  };
}
