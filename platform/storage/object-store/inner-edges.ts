import type * as pulumi from "@pulumi/pulumi";
import type { NetworkEdge } from "../../kit/network-access.ts";
import { seaweedfsPorts } from "./values.ts";

/** What the parts say to each other has ports of its own, so far above those of what they serve. */
const grpcOffset = 10_000;

/** The edges among the parts of the store, which all lie in one namespace. */
export function innerEdges(namespace: pulumi.Output<string>): NetworkEdge[] {
  const { filer, master, volume } = seaweedfsPorts;
  return [master, volume, filer]
    .flatMap((port) => [port, port + grpcOffset])
    .map((port) => ({ peer: { kind: "namespace", namespace }, port }));
}
