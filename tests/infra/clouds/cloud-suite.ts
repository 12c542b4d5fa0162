import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { FirewallSource } from "../../../infra/firewall.ts";
import type { Edits, CloudClass, CloudResource, CloudRun, ProviderAnswers } from "./harness.ts";
import {
  cloudArgs,
  graphText,
  inputsByName,
  keyOf,
  otherSshKey,
  resourcesOf,
  runCloud,
  sshKey,
} from "./harness.ts";
import type { FormatCheck } from "./sdk-contract.ts";
import { sdkComplaints } from "./sdk-contract.ts";
import { openingsOf } from "./openings.ts";
import { matchesSnapshot } from "../../support/snapshot.ts";

/** A cloud, and what is its own about it. */
export interface CloudCase {
  readonly cloud: string;
  readonly Component: CloudClass;
  readonly region: string;
  readonly type: string;
  /** Last part of the type of its servers. */
  readonly serverKind: string;
  /** Inputs of a server that must never replace it. */
  readonly ignored: readonly string[];
  readonly answers: ProviderAnswers;
  readonly formats: Readonly<Record<string, FormatCheck>>;
  /** True where a server has a single firewall, which mixes the rules of all its targets. @default false */
  readonly singleFirewall?: boolean;
}

/** What every cloud must keep, whatever it calls its things. */
export function describeCloud(given: CloudCase): void {
  const { cloud, Component, region, type, serverKind, ignored, answers, formats } = given;
  const { singleFirewall = false } = given;
  const pool = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
    name,
    cloud,
    region,
    type,
    ...more,
  });
  const small = [pool("main", { role: "control-plane", ingress: true })];
  const middle = pool("middle", { count: 2 });
  const big = [
    pool("plane", { role: "control-plane", count: 3 }),
    middle,
    pool("edge", { count: 2, ingress: true }),
  ];
  const without = big.filter((entry) => entry !== middle);
  const run = (pools: readonly Readonly<Record<string, unknown>>[], edits?: Edits): Promise<CloudRun> =>
    runCloud(Component, cloudArgs(pools, edits), answers);
  const servers = (result: CloudRun) => resourcesOf(result, serverKind);

  describe(`servers at ${cloud}`, () => {
    let cluster: CloudRun;
    before(async () => {
      cluster = await run(big);
    });

    it("makes what one node needs", async () => {
      await matchesSnapshot(`infra/clouds/${cloud}-small.json`, graphText(await run(small)));
    });

    it("makes what three control planes and two pools of workers need", async () => {
      await matchesSnapshot(`infra/clouds/${cloud}-big.json`, graphText(cluster));
    });

    it("sends only what the provider's own types allow", () => {
      assert.deepEqual(sdkComplaints(cluster.resources, formats), []);
    }).timeout(120_000);

    it("opens to the world nothing but 80, 443 and WireGuard", () => {
      const rendered = cluster.resources.flatMap(openingsOf);
      const open = rendered.filter(({ sources }) => sources.some((source) => source.endsWith("/0")));
      assert.ok(open.length > 0);
      const seen = new Set(open.map(({ protocol, ports }) => `${protocol} ${ports}`));
      assert.deepEqual([...seen].sort(), ["tcp 443", "tcp 80", "udp 51820"]);
    });

    it("renders every rule of the cluster for whom it is meant, and no other", () => {
      const { firewall } = cloudArgs(big);
      const wanted = firewall.flatMap(({ target, protocol, ports, sources }) =>
        sources.map((source) => ({
          target,
          opening: `${protocol} ${portsOf(ports)} ${rangeOf(source, cluster)}`,
        })),
      );
      const rendered = cluster.resources.flatMap((resource) =>
        openingsOf(resource).flatMap(({ protocol, ports, sources }) =>
          sources.map((source) => ({
            target: targetOf(resource),
            opening: `${protocol.replace("v6", "")} ${ports} ${source}`,
          })),
        ),
      );
      const texts = (list: typeof rendered) =>
        list.map(({ target, opening }) => `${singleFirewall ? "" : target}: ${opening}`);
      assert.deepEqual([...new Set(texts(rendered))].sort(), [...new Set(texts(wanted))].sort());
    });

    it("lets every node in at the API of the control planes, at its public address and nowhere else", () => {
      const nodes = Object.values(cluster.addresses).map(({ publicIpv4 }) => `${publicIpv4}/32`);
      const isForControlPlanes = ({ name }: CloudResource) => /control-plane|^plane-/.test(name);
      const entered = (source: string) =>
        cluster.resources.flatMap((resource) =>
          openingsOf(resource)
            .filter(({ sources }) => sources.includes(source))
            .map(({ protocol, ports }) => `${protocol} ${ports} ${isForControlPlanes(resource)}`),
        );
      assert.equal(new Set(nodes).size, 7);
      for (const node of nodes) assert.deepEqual([...new Set(entered(node))], ["tcp 6443 true"], node);
    });

    it("ignores what would replace a server, and protects every server", () => {
      assert.equal(servers(cluster).length, 7);
      for (const { name, options } of servers(cluster)) {
        assert.deepEqual(options.ignoreChanges, ignored, name);
        assert.deepEqual(options.replaceOnChanges, [], name);
        assert.equal(options.protect, true, name);
        assert.equal(options.deleteBeforeReplace, true, name);
      }
    });

    it("protects nothing where the stack does not", async () => {
      const { resources } = await run(small, { protect: false });
      assert.ok(resources.every(({ options }) => !options.protect));
    });

    it("changes of a server only what is ignored when user-data or the key change", async () => {
      const edited = await run(big, { userData: "#cloud-config\n# new\n", sshKey: otherSshKey });
      assert.notDeepEqual(servers(edited), servers(cluster));
      assert.deepEqual(
        servers(edited).map((server) => kept(server, ignored)),
        servers(cluster).map((server) => kept(server, ignored)),
      );
    });

    it("has the cluster's key once, named after the cluster, and every server knows it", () => {
      const keys = cluster.resources.filter(({ type }) => /key/i.test(type));
      // Linode has no keys of their own: servers are given them.
      assert.equal(keys.length, cloud === "linode" ? 0 : 1);
      for (const { inputs } of keys) {
        assert.ok(Object.values(inputs).includes(sshKey));
        assert.equal(inputs.keyName ?? inputs.name, "hc1");
      }
      if (cloud === "linode")
        for (const { inputs } of servers(cluster)) assert.deepEqual(inputs.authorizedKeys, [sshKey]);
    });

    it("leaves all others as they are when a pool in the middle goes, but for the rules that let it in", async () => {
      const smaller = await run(without);
      const before = inputsByName(cluster);
      const after = inputsByName(smaller);
      const gone = [...before.keys()].filter((name) => !after.has(name));
      assert.ok(gone.some((name) => name.includes("middle-1")));
      const left = ["middle-1", "middle-2"].map((name) => `${cluster.addresses[name]?.publicIpv4 ?? ""}/32`);
      const kept = (resource: CloudResource) =>
        openingsOf(resource)
          .map((opening) => ({ ...opening, sources: opening.sources.filter((one) => !left.includes(one)) }))
          .filter(({ sources }) => sources.length > 0);
      const changed = smaller.resources.filter(
        (resource) => inputsOf(resource) !== before.get(keyOf(resource)),
      );
      for (const resource of changed) {
        const old = cluster.resources.find((other) => keyOf(other) === keyOf(resource));
        assert.ok(old && openingsOf(old).length > 0, `${keyOf(resource)} is no firewall`);
        assert.deepEqual(openingsOf(resource), kept(old), keyOf(resource));
      }
    });

    it("changes no server when a node comes at another cloud", async () => {
      const args = cloudArgs(big);
      const newcomer = { node: "elsewhere-1", address: pulumi.output("198.51.100.99") };
      const firewall = args.firewall.map((rule) =>
        rule.sources.some((source) => typeof source !== "string")
          ? { ...rule, sources: [...rule.sources, newcomer] }
          : rule,
      );
      const joined = await runCloud(Component, { ...args, firewall }, answers);
      assert.deepEqual(servers(joined), servers(cluster));
      assert.ok(
        joined.resources.some((resource) =>
          openingsOf(resource).some(({ sources }) => sources.includes("198.51.100.99/32")),
        ),
      );
    });

    it("replaces exactly the node that is asked for, unprotected, and keeps the others", async () => {
      const asked = await run([pool("plane", { role: "control-plane", count: 3, replace: ["plane-2"] })]);
      const replaced = servers(asked).filter(({ options }) => options.replaceOnChanges.length > 0);
      assert.deepEqual(
        replaced.map(({ name, options: { protect, ignoreChanges } }) => [name, protect, ignoreChanges]),
        [["plane-2", false, ignored]],
      );
      const others = servers(asked).filter(({ name }) => name !== "plane-2");
      assert.ok(others.every(({ options }) => options.protect));
      const before = servers(await run([pool("plane", { role: "control-plane", count: 3 })]));
      const changed = servers(asked).filter(
        (server, index) => JSON.stringify(inputsOf(server)) !== JSON.stringify(inputsOf(before[index])),
      );
      assert.deepEqual(
        changed.map(({ name }) => name),
        ["plane-2"],
      );
      // The mark is at the very place whose change replaces.
      const [path = ""] = replaced[0]?.options.replaceOnChanges ?? [];
      const old = before.find(({ name }) => name === "plane-2");
      assert.notDeepEqual(valueAt(replaced[0]?.inputs, path), valueAt(old?.inputs, path));
    });
  });
}

/** A source as a range, once the servers have their addresses. */
function rangeOf(source: FirewallSource, { addresses }: CloudRun): string {
  return typeof source === "string" ? source : `${addresses[source.node]?.publicIpv4 ?? ""}/32`;
}

/** Whom a firewall is for is said by its name. */
function targetOf({ name }: CloudResource): string {
  return /-(all|control-plane|ingress)\b/.exec(name)?.[1] ?? "nobody";
}

function portsOf(ports: { readonly from: number; readonly to: number } | undefined): string {
  if (!ports) return "";
  return ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
}

/** A server's name and inputs without those that are ignored. */
function kept(server: CloudResource, ignored: readonly string[]) {
  const inputs = Object.entries(server.inputs).filter(([key]) => !ignored.includes(key));
  return inputsOf({ ...server, inputs: Object.fromEntries(inputs) });
}

/** Inputs as text. */
function inputsOf(resource: CloudResource | undefined): string | undefined {
  if (!resource) return undefined;
  return [...inputsByName({ resources: [resource], addresses: {} }).values()][0];
}

/** `labels["uap.dev/replace"]` or `tags`. */
function valueAt(inputs: Readonly<Record<string, unknown>> | undefined, path: string): unknown {
  const [, key = "", inner] = /^(\w+)(?:\["(.+)"\])?$/.exec(path) ?? [];
  const value = inputs?.[key];
  return inner === undefined ? value : (value as Readonly<Record<string, unknown>>)[inner];
}
