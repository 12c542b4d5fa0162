import { writeFileSync } from "node:fs";
import { clouds, type CloudName } from "../../config/regions.ts";
import type { PriceList, ServerType } from "./server-type.ts";
import { orderedDisk } from "./server-type.ts";
import { nearestTypes, priceLists } from "./server-types.ts";

/** Where the page lies. */
export const pageLocation = new URL("../../docs/generated/server-types.md", import.meta.url);

const introduction = `# Server types

<!-- Generated from infra/sizing/types/ by \`node infra/sizing/docs.ts\`. Edit the price lists, not this page. -->

The types that the program knows, with the price of a month. Prices are data with a date, never asked of
the cloud: look them up before you order. Another type can be ordered too when its pool gives \`size: { cpu, memory, disk }\`, and
its price as \`size.monthly\`. A type without a disk gets one of ${orderedDisk} GB.
`;

/** The documentation of all price lists, in Markdown. */
export function serverTypesPage(): string {
  return [introduction, ...(Object.keys(priceLists) as CloudName[]).map(section)].join("\n");
}

function section(cloud: CloudName): string {
  const list = priceLists[cloud];
  const { asOf, basis, publicIpv4, regions, source, types, volume } = list;
  const address =
    publicIpv4 === undefined
      ? ""
      : ` The address is ${publicIpv4.toFixed(2)} of it, which the table is without.`;
  return [
    `## ${clouds[cloud].title}\n`,
    `- As of ${asOf}, from: ${source}`,
    `- Prices hold in ${regions?.join(", ") ?? "all regions"}. ${basis}${address}`,
    ...(volume === undefined
      ? []
      : [`- A pool's volumes cost ${volume} ${list.currency} a month for each GiB.`]),
    "",
    `| type | vCPU | memory, GiB | disk, GB | arch | ${list.currency} a month | remarks |`,
    "|---|--:|--:|--:|---|--:|---|",
    ...Object.entries(types).map(([name, type]) => row(name, type)),
    "",
    ...withdrawnTypes(cloud, list),
  ].join("\n");
}

function row(name: string, type: ServerType): string {
  const { arch, disk, memory, monthly, vcpus } = type;
  const price = monthly?.toFixed(2) ?? "";
  return `| \`${name}\` | ${vcpus} | ${memory} | ${disk ?? ""} | ${arch} | ${price} | ${remarks(type).join("; ")} |`;
}

function remarks({ monthlyIn = {}, soldIn, soldOut }: ServerType): string[] {
  const elsewhere = Object.entries(monthlyIn).map(([region, price]) => `${price.toFixed(2)} in ${region}`);
  return [
    ...(soldOut ? ["was sold out"] : []),
    ...(soldIn ? [`only in ${soldIn.join(", ")}`] : []),
    ...elsewhere,
  ];
}

function withdrawnTypes(cloud: CloudName, { regions = [], withdrawn }: PriceList): string[] {
  const [region = ""] = regions;
  const rows = Object.entries(withdrawn).map(
    ([name, type]) =>
      `| \`${name}\` | ${type.vcpus} | ${type.memory} | ${nearestTypes({ cloud, region }, type)} |`,
  );
  if (rows.length === 0) return [];
  return [
    `Withdrawn types, and today's nearest in ${region}:\n`,
    "| type | vCPU | memory, GiB | nearest today |",
    "|---|--:|--:|---|",
    ...rows,
    "",
  ];
}

if (import.meta.main) writeFileSync(pageLocation, serverTypesPage());
