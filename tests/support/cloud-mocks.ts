import { idOf, privateOutputs, publicAddressOf } from "../infra/clouds/harness.ts";

/** Packages of clouds and DNS services. */
const cloudPackages = /^(hcloud|digitalocean|aws|vultr|linode|scaleway|cloudflare):/;

/** What a cloud would compute for a resource, as far as the program reads it; nothing for a resource of no cloud. */
export function cloudState(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!cloudPackages.test(type)) return {};
  if (type === "aws:ec2/vpc:Vpc") return { ipv6CidrBlock: "2001:db8:0:5600::/56" };
  const address = publicAddressOf(name);
  return {
    address,
    ipv4Address: address,
    publicIp: address,
    mainIp: address,
    ipv4s: [address],
    ...privateOutputs(type, name, inputs),
  };
}

/** The id that a cloud would give; undefined for a resource of no cloud. */
export function cloudId(type: string, name: string): string | undefined {
  return cloudPackages.test(type) ? idOf(`${type} ${name}`) : undefined;
}

/** What clouds answer to every question of the program: names of zones, ids of images. */
export const cloudAnswers = {
  id: "1",
  names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
  zoneId: "zone",
  imageId: "ami-1",
  domains: [{ id: 1 }],
};
