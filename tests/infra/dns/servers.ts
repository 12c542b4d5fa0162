import * as pulumi from "@pulumi/pulumi";
import type { AddressedNode } from "../../../infra/dns/records.ts";

/** A node with the addresses that its name asks for in a test. */
export function server(
  name: string,
  role: "control-plane" | "worker" | "sensor",
  ingress: boolean,
  ipv4?: string,
  ipv6?: string,
): AddressedNode {
  return {
    node: { name, role, ingress },
    ...(ipv4 !== undefined && { publicIpv4: pulumi.output(ipv4) }),
    ...(ipv6 !== undefined && { publicIpv6: pulumi.output(ipv6) }),
  };
}

/** The hybrid cluster in small: a control plane, two nodes with ingress, and a machine whose address nobody knows. */
export const hybrid = [
  server("master-1", "control-plane", false, "203.0.113.1"),
  server("nbg1-2", "worker", true, "203.0.113.12", "2001:db8::12"),
  server("nbg1-1", "worker", true, "203.0.113.11"),
  server("lab-gpu", "worker", false),
];
