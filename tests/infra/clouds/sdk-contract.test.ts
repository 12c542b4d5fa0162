import assert from "node:assert/strict";
import type { CloudResource } from "./harness.ts";
import { all, isName, isOneOf, matches, sdkComplaints } from "./sdk-contract.ts";

const options = { protect: false, ignoreChanges: [], replaceOnChanges: [], deleteBeforeReplace: false };

function resource(type: string, inputs: Readonly<Record<string, unknown>>): CloudResource {
  return { type, name: "it", inputs, options };
}

describe("the contract with the providers' SDKs", () => {
  it("accepts what the types allow, and refuses what is missing, unknown or of another type", () => {
    const complaints = sdkComplaints([
      resource("hcloud:index/server:Server", { name: "a", serverType: "cpx32", labels: { a: "b" } }),
      resource("hcloud:index/server:Server", { name: "b" }),
      resource("hcloud:index/server:Server", { name: "c", serverType: "cpx32", serverTypo: "cpx32" }),
      resource("hcloud:index/firewall:Firewall", { rules: [{ direction: "in", protocol: "tcp", prot: 1 }] }),
      resource("hcloud:index/networkSubnet:NetworkSubnet", {
        ipRange: "10.0.0.0/24",
        networkId: "12",
        networkZone: "eu-central",
        type: "cloud",
      }),
    ]);
    const wanted = [
      /'serverType' is missing/,
      /serverTypo"' does not exist|'serverTypo' does not exist/,
      /prot"?' does not exist/,
      /'string' is not assignable/,
    ];
    assert.equal(complaints.length, wanted.length, complaints.join("\n"));
    wanted.forEach((pattern, index) => {
      assert.match(complaints[index] ?? "", pattern);
    });
  }).timeout(120_000);

  it("refuses a type that the installed SDK does not have", () => {
    const [complaint = ""] = sdkComplaints([resource("hcloud:index/serverTypo:ServerTypo", {})]);
    assert.match(complaint, /hcloud:index\/serverTypo:ServerTypo it: Cannot find module/);
  }).timeout(120_000);

  it("holds against forms what types cannot say", () => {
    const formats = {
      "hcloud:index/sshKey:SshKey": all(
        isName,
        matches("publicKey", /^ssh-/, "a key"),
        isOneOf("name", ["a"]),
      ),
    };
    const sent = { name: "Name_", publicKey: "rsa" };
    assert.deepEqual(sdkComplaints([resource("hcloud:index/sshKey:SshKey", sent)], formats), [
      'hcloud:index/sshKey:SshKey it: name "Name_" is not a name of up to 63 characters',
      'hcloud:index/sshKey:SshKey it: publicKey "rsa" is not a key',
      'hcloud:index/sshKey:SshKey it: name "Name_" is none of a',
    ]);
    assert.deepEqual(
      sdkComplaints([resource("hcloud:index/sshKey:SshKey", { name: "a", publicKey: "ssh-" })], formats),
      [],
    );
  }).timeout(120_000);
});
