/** Simulated clouds for a test, in a folder that goes away with them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cloudsVariable,
  startClouds,
  type CloudsOptions,
  type RunningClouds,
} from "../../../rehearsal/clouds/index.ts";
import type { Properties, Provider } from "../../../rehearsal/providers/protocol/provider.ts";
import { created, type Kept } from "../providers/direct.ts";

export interface TestClouds extends RunningClouds {
  readonly folder: string;
  /** The names of all resources but the zones, or their ids where they have none. */
  readonly names: () => readonly string[];
}

/** Starts clouds, and lets the stand-ins of this process find them. */
export async function openClouds(
  options: Omit<CloudsOptions, "folder"> & { readonly folder?: string } = {},
): Promise<TestClouds> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "uap-clouds-")));
  const clouds = await startClouds({ ...options, folder });
  process.env[cloudsVariable] = clouds.url;
  return {
    ...clouds,
    folder,
    names: () =>
      clouds
        .state()
        .resources.filter(({ urn }) => urn !== "")
        .map(({ id, inputs }) => (typeof inputs.name === "string" ? inputs.name : id)),
    stop: async () => {
      process.env[cloudsVariable] = "";
      await clouds.stop();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Destroys as the engine does. */
export async function deleted(provider: Provider, { type, id, inputs, state }: Kept): Promise<void> {
  await provider.delete({ type, urn: urnOf(type), name: "thing", id, oldInputs: inputs, state, timeout: 0 });
}

/** Reads as a refresh does; undefined when it is gone. */
export async function refreshed(
  provider: Provider,
  { type, id, inputs, state }: Kept,
): Promise<Properties | undefined> {
  const found = await provider.read({ type, urn: urnOf(type), name: "thing", id, inputs, state });
  return found?.inputs;
}

/** The URN that direct.ts gives everything of a type. */
function urnOf(type: string): string {
  return `urn:pulumi:test::providers::${type}::thing`;
}

/** Makes a resource and answers its id as a number, as Hetzner's and DigitalOcean's inputs want it. */
export async function numberOf(provider: Provider, type: string, inputs: Properties): Promise<number> {
  return Number((await created(provider, type, inputs)).id);
}

/** A public key of nobody's. */
export const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJlaGVhcnNhbC1rZXktb2Ytbm9ib2R5LWF0LWFsbCE= somebody";
