import { regions } from "../../../../config/regions.ts";
import { checkOneOf } from "../../checks.ts";
import { conflict, invalid } from "../../cloud-error.ts";
import { allOf, list, text, type CloudsState } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { numeric } from "./identity.ts";
import { titles } from "./titles.ts";

/** A public address that is there before the server that will have it. */
export const networkingIp: Kind = {
  title: titles.networkingIp,
  // The real one has its address as its id.
  id: numeric(90_000_000),
  check: ({ inputs }) => {
    checkOneOf("region", text(inputs, "region"), regions.linode);
  },
  outputs: ({ address }) => ({ address, prefix: 24, rdns: "" }),
};

/** @throws CloudError when an address is not reserved in the region, or another server has it. */
export function checkReserved(addresses: readonly unknown[], region: string, others: CloudsState): void {
  for (const address of addresses) {
    const reserved = allOf(others, "linode", "networkingIp").find(
      ({ outputs }) => outputs.address === address,
    );
    if (reserved === undefined || text(reserved.inputs, "region") !== region) {
      throw invalid(`The address ${String(address)} is not reserved in ${region}.`);
    }
    if (allOf(others, "linode", "instance").some(({ outputs }) => list(outputs, "ipv4s").includes(address))) {
      throw conflict(`The address ${String(address)} is taken by another Linode.`);
    }
  }
}
