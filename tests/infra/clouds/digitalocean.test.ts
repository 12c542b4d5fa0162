import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { regions } from "../../../config/regions.ts";
import { DigitalOcean } from "../../../infra/clouds/digitalocean.ts";
import { describeCloud } from "./cloud-suite.ts";
import { cloudArgs, publicAddressOf, runCloud } from "./harness.ts";
import { all, isName, isOneOf, matches } from "./sdk-contract.ts";

const answers = {
  outputs: (type: string, name: string) =>
    type === "digitalocean:index/droplet:Droplet"
      ? { ipv4Address: publicAddressOf(name), ipv4AddressPrivate: "10.20.0.2" }
      : {},
};

const isRegion = isOneOf("region", regions.digitalocean);

describeCloud({
  cloud: "digitalocean",
  Component: DigitalOcean,
  region: "nyc3",
  type: "s-2vcpu-4gb",
  serverKind: "Droplet",
  ignored: ["image", "sshKeys", "userData"],
  answers,
  formats: {
    "digitalocean:index/droplet:Droplet": all(isName, isRegion),
    "digitalocean:index/vpc:Vpc": all(isName, isRegion, matches("description", /^.{0,255}$/, "short")),
    "digitalocean:index/firewall:Firewall": isName,
    "digitalocean:index/tag:Tag": matches("name", /^[\w:-]{1,255}$/, "a tag"),
  },
});

describe("servers at digitalocean, beside that", () => {
  const pool = {
    name: "main",
    cloud: "digitalocean",
    region: "nyc3",
    type: "s-2vcpu-4gb",
    role: "control-plane",
  };

  it("tells the private address that the droplet was given, since none is planned", async () => {
    const { addresses } = await runCloud(DigitalOcean, cloudArgs([pool]), answers);
    assert.deepEqual(addresses, {
      "main-1": { publicIpv4: publicAddressOf("main-1"), privateIpv4: "10.20.0.2" },
    });
  });

  it("refuses servers that it does not have", async () => {
    const args = cloudArgs([pool]);
    const nodes = args.nodes.map((node) => ({ ...node, arch: "arm64" as const }));
    await assert.rejects(
      runCloud(DigitalOcean, { ...args, nodes }, answers),
      (error: unknown) => error instanceof RunError && error.message.includes("has no servers of arm64"),
    );
  });
});
