import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";

const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run/index.js");

/** Pulumi's language host for Node, in short: it starts the SDK's own runner on the program, as `pulumi up` does. */
export interface LanguageHost {
  /** Value of the engine's `--client` option. */
  readonly address: string;
  stop(): void;
}

/**
 * @param folder the project's folder, where the program is
 * @param environment variables of the program beside those of the tests
 */
export async function startLanguageHost(
  folder: string,
  program: string,
  environment: Readonly<Record<string, string>>,
): Promise<LanguageHost> {
  const server = new Server();
  const run = (
    call: ServerUnaryCall<
      InstanceType<typeof language.RunRequest>,
      InstanceType<typeof language.RunResponse>
    >,
    callback: sendUnaryData<InstanceType<typeof language.RunResponse>>,
  ) => {
    const { request } = call;
    // The engine tells a client its address as the program's first argument.
    const [engine = ""] = request.getArgsList();
    const child = spawn(
      process.execPath,
      [
        runner,
        ...["--monitor", request.getMonitorAddress(), "--engine", engine],
        ...["--project", request.getProject(), "--stack", request.getStack()],
        ...[
          "--parallel",
          String(request.getParallel()),
          ...(request.getDryrun() ? ["--dry-run"] : []),
          program,
        ],
      ],
      {
        cwd: folder,
        env: { ...process.env, ...environment, PULUMI_CONFIG: configOf(request) },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    child.once("close", (code) => {
      const response = new language.RunResponse();
      if (code !== 0) response.setError(`the program ended with exit code ${String(code)}\n${complaint}`);
      callback(null, response);
    });
  };
  server.addService(languageService.LanguageRuntimeService, {
    run,
    getPluginInfo: answering(() => new plugin.PluginInfo()),
    getRequiredPlugins: answering(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: answering(() => new language.GetRequiredPackagesResponse()),
  });
  const port = await new Promise<number>((done, fail) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) fail(error);
      else done(bound);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    stop: () => {
      server.forceShutdown();
    },
  };
}

function answering<Answer>(make: () => Answer) {
  return (_: unknown, callback: sendUnaryData<Answer>) => {
    callback(null, make());
  };
}

/** The stack's configuration as the SDK's runner expects it in the environment. */
function configOf(request: InstanceType<typeof language.RunRequest>): string {
  const config: Record<string, string> = {};
  request.getConfigMap().forEach((value, key) => {
    config[key] = value;
  });
  return JSON.stringify(config);
}
