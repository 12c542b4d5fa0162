import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

import { stringify } from "yaml";
import { cloudAnswers, cloudId, cloudState } from "./cloud-mocks.ts";

/** A resource that the program registered. */
export interface MockResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface MockRun {
  readonly resources: readonly MockResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What stands for generated values, so that a snapshot never changes by itself. */
const generated: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "random:index/randomPassword:RandomPassword": {
    result: "generated-password",
    bcryptHash: "generated-hash",
  },
  "random:index/randomBytes:RandomBytes": { base64: "c2FsdHNhbHRzYWx0" },
  "tls:index/privateKey:PrivateKey": { privateKeyPem: "generated-private-key\n" },
  "tls:index/selfSignedCert:SelfSignedCert": { certPem: "generated-authority\n" },
  "tls:index/certRequest:CertRequest": { certRequestPem: "generated-request\n" },
  "tls:index/locallySignedCert:LocallySignedCert": { certPem: "generated-certificate\n" },
};

const kubeconfig = stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "mock",
  contexts: [{ name: "mock", context: { cluster: "mock", user: "mock" } }],
  clusters: [{ name: "mock", cluster: { server: "https://127.0.0.1:6443" } }],
  users: [{ name: "mock", user: { token: "mock-token" } }],
});

/**
 * Runs the program without an engine and collects what it registers.
 *
 * @param config the stack's configuration by full key (`uap:cluster`), as in Pulumi.<stack>.yaml
 */
export async function runProgram(stack: string, config: Readonly<Record<string, unknown>>): Promise<MockRun> {
  const folder = await mkdtemp(join(tmpdir(), "uap-mock-"));
  const previous = process.env.KUBECONFIG;
  try {
    process.env.KUBECONFIG = join(folder, "kubeconfig");
    await writeFile(process.env.KUBECONFIG, kubeconfig);
    const resources: MockResource[] = [];
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          const properties = inputs as Record<string, unknown>;
          resources.push({ type, name, inputs: properties });
          return {
            id: cloudId(type, name) ?? `${name}-id`,
            state: { ...properties, ...cloudState(type, name), ...generated[type] },
          };
        },
        call: ({ token, inputs }) =>
          token.startsWith("kubernetes:") ? (inputs as Record<string, unknown>) : cloudAnswers,
      },
      "uap",
      stack,
      false,
    );
    pulumi.runtime.setAllConfig(
      Object.fromEntries(
        Object.entries(config).map(([key, value]) => [
          key,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      ),
    );
    const { default: program } = await import("../../index.ts");
    const outputs = await resolved(program());
    await pulumi.runtime.disconnect();
    return { resources, outputs };
  } finally {
    if (previous === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = previous;
    await rm(folder, { recursive: true });
  }
}

function resolved(outputs: Record<string, pulumi.Input<unknown>>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output(outputs).apply((values) => {
      resolve(values);
    });
  });
}
