import { invalid } from "../cloud-error.ts";
import { find, type CloudResource, type CloudsState, type SimulatedCloud } from "../inventory.ts";

/** Finds the resource that an input names. @throws CloudError when there is none */
export type MustExist<Kind extends string> = (state: CloudsState, kind: Kind, id: unknown) => CloudResource;

/**
 * Makes the look-up of one cloud.
 *
 * @param titles what messages call one of each kind.
 * @param named how messages name an id. @default in quotes
 */
export function mustExistAt<Kind extends string>(
  cloud: SimulatedCloud,
  titles: Readonly<Record<Kind, string>>,
  named: (id: string) => string = (id) => `"${id}"`,
): MustExist<Kind> {
  return (state, kind, id) => {
    const found = find(state, cloud, kind, id);
    if (found === undefined) throw invalid(`There is no ${titles[kind]} ${named(String(id))}.`);
    return found;
  };
}
