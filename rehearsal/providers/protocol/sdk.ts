/** The Pulumi SDKs that the project depends on: a stand-in has the version of the SDK that talks to it. */
import { createRequire } from "node:module";
import { z } from "zod";

const require = createRequire(import.meta.url);

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

const sdkManifest = z.object({ version: z.string(), pulumi: z.object({ version: z.string().optional() }) });

/**
 * Version of the plugin that the SDK of a package asks the engine for, such as `4.21.1`.
 *
 * @param name Package name, such as `random`: the last part of the SDK's npm name, whoever publishes it.
 * @throws when the project does not depend on such an SDK.
 */
export function sdkVersion(name: string): string {
  const { dependencies, devDependencies } = manifest.parse(require("../../../package.json"));
  const sdk = [...Object.keys(dependencies), ...Object.keys(devDependencies)].find((dependency) =>
    dependency.endsWith(`/${name}`),
  );
  if (sdk === undefined) throw new Error(`package.json has no SDK for the Pulumi package "${name}".`);
  const { version, pulumi } = sdkManifest.parse(require(`${sdk}/package.json`));
  // Some SDKs do not name their plugin's version: it is that of the SDK, which may have a "v" in front.
  return pulumi.version ?? version.replace(/^v/, "");
}
