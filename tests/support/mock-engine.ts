import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

import { stringify } from "yaml";
import { rehearsalMark } from "../../platform/charts/simulation-check.ts";
import { cloudAnswers, cloudId, cloudState } from "./cloud-mocks.ts";

/** A resource that the program registered. */
export interface MockResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A resource with its place in the graph. */
export interface GraphResource extends MockResource {
  readonly urn: string;
  /** URN of what it is a part of; empty for the stack itself. */
  readonly parent: string;
  /** URNs of all that it waits for, by its options and its inputs. */
  readonly dependencies: readonly string[];
  /** URN of its provider; undefined for components, and where it is the default one. */
  readonly provider: string | undefined;
}

export interface MockRun {
  readonly resources: readonly GraphResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What stands for generated values, so that a snapshot never changes by itself. */
const generated: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "random:index/randomPassword:RandomPassword": {
    result: "generated-password",
    bcryptHash: "generated-hash",
  },
  "random:index/randomBytes:RandomBytes": { base64: "c2FsdHNhbHRzYWx0" },
  "tls:index/privateKey:PrivateKey": {
    privateKeyPem: "generated-private-key\n",
    privateKeyOpenssh: "generated-private-key\n",
    publicKeyOpenssh: "ssh-ed25519 generated-public-key\n",
  },
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
 * @param resources is filled with what the program registers, also when it fails. @default a new list
 */
export async function runProgram(
  stack: string,
  config: Readonly<Record<string, unknown>>,
  resources: GraphResource[] = [],
): Promise<MockRun> {
  const folder = await mkdtemp(join(tmpdir(), "uap-mock-"));
  const previous = process.env.KUBECONFIG;
  try {
    process.env.KUBECONFIG = join(folder, "kubeconfig");
    await writeFile(process.env.KUBECONFIG, kubeconfig);
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          const properties = inputs as Record<string, unknown>;
          resources.push({ type, name, inputs: properties, ...unregistered });
          return {
            id: cloudId(type, name) ?? `${name}-id`,
            state: { ...properties, ...cloudState(type, name, properties), ...generated[type] },
          };
        },
        call: ({ token, inputs }) =>
          token.startsWith("kubernetes:") ? (inputs as Record<string, unknown>) : cloudAnswers,
      },
      "uap",
      stack,
      false,
    );
    recordGraph(resources);
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

/** The same with simulated charts, as in a rehearsal. */
export async function runSimulated(
  stack: string,
  config: Readonly<Record<string, unknown>>,
): Promise<MockRun> {
  process.env[rehearsalMark] = "true";
  try {
    return await runProgram(stack, { ...config, "uap:charts": { source: "facts" } });
  } finally {
    Reflect.deleteProperty(process.env, rehearsalMark);
  }
}

/** A resource whose place in the graph is not known before it is registered. */
type Registration = { -readonly [Key in keyof GraphResource]: GraphResource[Key] };

const unregistered = { urn: "", parent: "", dependencies: [], provider: undefined } as const;

/** What the engine would be told of a resource beside its inputs; the mocks keep it from themselves. */
interface RegisterRequest {
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
}

interface MockMonitor {
  registerResource(
    request: RegisterRequest,
    callback: (error: unknown, response?: { getUrn(): string }) => void,
  ): Promise<void>;
}

/** Notes of every resource what it belongs to and what it waits for. */
function recordGraph(resources: readonly GraphResource[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const before = resources.length;
    const done = register(request, (error, response) => {
      if (registration && response) registration.urn = response.getUrn();
      callback(error, response);
    });
    // The mocks make the resource before they wait for anything.
    const registration: Registration | undefined = resources[before];
    if (registration) {
      registration.parent = request.getParent();
      registration.dependencies = request.getDependenciesList();
      // Its URN, followed by its id.
      registration.provider = request.getProvider().split("::").slice(0, 4).join("::") || undefined;
    }
    return done;
  };
}

function resolved(outputs: Record<string, pulumi.Input<unknown>>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    pulumi.output(outputs).apply((values) => {
      resolve(values);
    });
  });
}
