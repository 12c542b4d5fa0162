import * as pulumi from "@pulumi/pulumi";
import type { OnPremMachine } from "../clouds/on-prem.ts";
import { seedsFolder, writeSeedFiles, type SeedFiles } from "./seeds-folder.ts";

/** A machine of one's own, as far as its files are concerned. */
export type SeededMachine = Pick<OnPremMachine, "files"> & {
  readonly node: Pick<OnPremMachine["node"], "name" | "arch">;
};

/**
 * Writes the files of machines of one's own as soon as they are known: a person boots the machines from them while the update waits for the
 * nodes. A preview writes nothing.
 *
 * @param folder where to, see {@link seedsFolder}
 * @returns the names of the nodes, known when their files are written: what waits for them depends on it.
 * @throws pulumi.RunError when the folder cannot be written.
 */
export function writeSeeds(
  machines: readonly SeededMachine[],
  folder = seedsFolder(pulumi.getStack()),
): pulumi.Output<readonly string[]> {
  const names = machines.map(({ node }) => node.name);
  if (pulumi.runtime.isDryRun()) return pulumi.output(names);
  const nodes = machines.map(({ node, files }) =>
    files.apply((texts) => [node.name, seedOf(node, texts)] as const),
  );
  const written = pulumi.all(nodes).apply(async (seeds) => {
    await write(folder, Object.fromEntries(seeds));
    return names;
  });
  // The files are secret, the names are not.
  return pulumi.unsecret(written);
}

/** A folder that cannot be written is no defect of the program: no stack trace. */
async function write(folder: string, seeds: Readonly<Record<string, SeedFiles>>): Promise<void> {
  await writeSeedFiles(folder, seeds).catch((error: unknown) => {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  });
}

/** All that a person gets for a machine: its files, and how to use them. */
export function seedOf(node: SeededMachine["node"], files: SeedFiles): SeedFiles {
  return { ...files, "README.txt": instructions(node, files) };
}

function instructions({ name, arch }: SeededMachine["node"], files: SeedFiles): string {
  return [
    `How a machine becomes the node ${name}. The other files hold secrets of the cluster: remove copies that are not needed.`,
    "A new machine, with a cloud image of Ubuntu:\n" +
      "  Put user-data and meta-data on a volume labelled cidata (a USB stick with FAT, or an ISO image) and boot with it:\n" +
      "  cloud-init reads it at the first boot.",
    ...(arch === "arm64" ? [raspberryPi] : []),
    ...("join.sh" in files
      ? ["A machine that runs already, from this folder:\n  ssh <machine> sudo sh < join.sh"]
      : []),
    "",
  ].join("\n\n");
}

const raspberryPi =
  "A new Raspberry Pi, with Ubuntu's image for it on the card:\n" +
  "  Copy user-data and meta-data over those on the card's first partition, system-boot, and boot.\n" +
  "  It restarts once by itself, to switch on the memory control group that k3s needs.";
