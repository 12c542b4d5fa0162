import { isWorld } from "../addresses.ts";
import { domainOf, issuerOf, networkOf } from "../defaults.ts";
import { isWithin, longestDomain, longestLabel } from "../names.ts";
import type { Finding } from "../problems.ts";
import type { Sections } from "../sections/index.ts";
import type { Check } from "./check.ts";

/** What concerns the domain, its certificates and records, and who may reach the cluster. */
export const serviceChecks: readonly Check[] = [
  { reads: ["cluster.kind"], find: existingClusterHasNoServers },
  { reads: ["cluster.kind", "domain"], find: k3sHasDomain },
  { reads: ["cluster.name", "domain"], find: hostnamesHaveRoom },
  { reads: ["dns", "domain"], find: zoneHoldsDomain },
  { reads: ["acme", "cluster.kind"], find: letsEncryptKnowsEmail },
  { reads: ["acme", "cluster.kind", "domain"], find: letsEncryptKnowsDomain },
  { reads: ["cluster.kind", "pools.cloud", "access.operatorCidrs"], find: operatorsCanEnter },
  { reads: ["access.operatorCidrs", "access.allowWorld"], find: worldStaysOutside },
  { reads: ["access.users.name"], find: usersDiffer },
  { reads: ["cluster", "pools", "platform"], find: podNetworkStaysOn },
];

function existingClusterHasNoServers({ cluster, given }: Sections): Finding[] {
  if (cluster.kind !== "existing") return [];
  return ["pools", "network", "backup"]
    .filter((section) => given.has(section))
    .map((section) => ({
      path: [section],
      reason:
        "is for clusters that the program creates, but this stack uses an existing one (`uap:cluster.kind` is existing).",
      fix: "Remove it.",
    }));
}

function k3sHasDomain({ cluster, domain }: Sections): Finding[] {
  return cluster.kind === "k3s" && domain === undefined
    ? [
        {
          path: ["domain"],
          reason: "is missing.",
          fix: "Give the domain under which the cluster's hosts are published, such as example.org.",
        },
      ]
    : [];
}

/** So that no system's host can be too long later: a full service label and a full namespace label must fit before it. */
function hostnamesHaveRoom({ cluster, domain = "" }: Sections): Finding[] {
  const room = longestDomain - 2 * (longestLabel + 1);
  const tail = `${cluster.name ?? ""}.${domain}`;
  return tail.length > room
    ? [
        {
          path: ["domain"],
          value: domain,
          reason: `leaves no room for hosts: <cluster>.<domain> has ${tail.length} characters, and at most ${room} leave room for a service and a namespace.`,
          fix: "Choose a shorter domain or cluster name.",
        },
      ]
    : [];
}

function zoneHoldsDomain({ dns, domain }: Sections): Finding[] {
  if (dns.provider === "none" || dns.zone === undefined || domain === undefined) return [];
  return isWithin(domain, dns.zone)
    ? []
    : [
        {
          path: ["dns", "zone"],
          value: dns.zone,
          reason: `does not hold the domain ${domain}.`,
          fix: "Give the domain itself or a parent of it, or leave the zone out.",
        },
      ];
}

function letsEncryptKnowsEmail(sections: Sections): Finding[] {
  const issuer = issuerOf(sections);
  return issuer !== "self-signed" && sections.acme.email === undefined
    ? [
        {
          path: ["acme", "email"],
          reason: `is missing; cert-manager registers an account with it at Let's Encrypt (${issuer}).`,
          fix: "Give an e-mail address, or write `issuer: self-signed`.",
        },
      ]
    : [];
}

/** Names that no public authority may sign (RFC 2606, RFC 6761, RFC 6762, ICANN's `internal`). */
const neverPublic = ["localhost", "local", "test", "invalid", "example", "internal"];

function letsEncryptKnowsDomain(sections: Sections): Finding[] {
  const domain = sections.cluster.kind === "existing" ? domainOf(sections) : sections.domain;
  const issuer = issuerOf(sections);
  const isPrivate = domain !== undefined && neverPublic.some((zone) => isWithin(domain, zone));
  return isPrivate && issuer !== "self-signed"
    ? [
        {
          path: ["acme", "issuer"],
          value: issuer,
          reason: `cannot sign certificates for hosts under ${domain}, which does not exist on the Internet.`,
          fix: "Write `issuer: self-signed`, or choose a public domain.",
        },
      ]
    : [];
}

function operatorsCanEnter({ cluster, pools, access }: Sections): Finding[] {
  const hasServers = cluster.kind === "k3s" && pools.some(({ pool }) => pool.cloud !== "on-prem");
  return hasServers && access.operatorCidrs.length === 0
    ? [
        {
          path: ["access", "operatorCidrs"],
          reason:
            "is missing: the firewall would let nobody reach the Kubernetes API, not even this program.",
          fix: "Give the address that you work from, such as [203.0.113.7/32].",
        },
      ]
    : [];
}

function worldStaysOutside({ access }: Sections): Finding[] {
  if (access.allowWorld) return [];
  return access.operatorCidrs.flatMap((range, index) =>
    isWorld(range)
      ? [
          {
            path: ["access", "operatorCidrs", index],
            value: range,
            reason: "opens SSH and the Kubernetes API to the Internet.",
            fix: "Give the ranges that you work from; if you really want this, add `allowWorld: true`.",
          },
        ]
      : [],
  );
}

function usersDiffer({ access: { users } }: Sections): Finding[] {
  return users.flatMap(({ name }, index) =>
    users.findIndex((other) => other.name === name) < index
      ? [
          {
            path: ["access", "users", index, "name"],
            value: name,
            reason: "is in the list twice.",
            fix: "Keep one.",
          },
        ]
      : [],
  );
}

/** Kilo is a system like others, but without it no pod of the cluster has a network. */
function podNetworkStaysOn(sections: Sections): Finding[] {
  const { kilo } = sections.platform.systems;
  if (kilo !== false || sections.cluster.kind !== "k3s" || networkOf(sections) !== "kilo") return [];
  return [
    {
      path: ["platform", "systems", "kilo"],
      value: kilo,
      reason: "switches off the pod network of this cluster.",
      fix: "Remove it, or choose another `uap:cluster.network`.",
    },
  ];
}
