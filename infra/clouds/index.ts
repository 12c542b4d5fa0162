import type * as pulumi from "@pulumi/pulumi";
import type { CloudName } from "../../config/regions.ts";
import { Aws } from "./aws.ts";
import type { Cloud, CloudArgs } from "./cloud.ts";
import { DigitalOcean } from "./digitalocean.ts";
import { Hetzner } from "./hetzner.ts";
import { Linode } from "./linode.ts";
import { Scaleway } from "./scaleway.ts";
import { Vultr } from "./vultr.ts";

/** Makes the servers of one cloud that share a private network. */
export function createCloud(
  cloud: CloudName,
  name: string,
  args: CloudArgs,
  options: pulumi.ComponentResourceOptions,
): Cloud {
  switch (cloud) {
    case "hetzner":
      return new Hetzner(name, args, options);
    case "digitalocean":
      return new DigitalOcean(name, args, options);
    case "aws":
      return new Aws(name, args, options);
    case "vultr":
      return new Vultr(name, args, options);
    case "linode":
      return new Linode(name, args, options);
    case "scaleway":
      return new Scaleway(name, args, options);
    default:
      return cloud satisfies never;
  }
}
