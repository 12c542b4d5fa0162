import { catalogue, rowOf, type SystemName } from "../../platform/catalogue.ts";
import { traefikNamespace } from "../../platform/cluster/ingress/traefik-values.ts";

/** What tells whose an object is. */
export interface ObjectIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Namespaces of what k3s brings along, and of what takes the place of a part of it elsewhere. */
const packagedNamespaces: readonly string[] = ["kube-system", traefikNamespace];

/** What k3s brings along and the platform tunes, by the label that its charts and manifests give their pods. */
const packaged: Readonly<Record<string, SystemName>> = {
  traefik: "ingress",
  "local-path-provisioner": "local-path",
};

/** Systems whose namespace is theirs alone: charts label their objects each in its own way. */
const owners = ownersOfNamespaces();

/** The system that an object belongs to; undefined for what is not the platform's. */
export function systemOf({ namespace, labels = {} }: ObjectIdentity): SystemName | undefined {
  const name = labels["app.kubernetes.io/name"] ?? "";
  if (labels["app.kubernetes.io/part-of"] === "uap" && isSystem(name)) return name;
  if (packagedNamespaces.includes(namespace)) return packaged[name] ?? packaged[labels.app ?? ""];
  return owners.get(namespace);
}

function isSystem(name: string): name is SystemName {
  return Object.hasOwn(catalogue, name);
}

function ownersOfNamespaces(): ReadonlyMap<string, SystemName> {
  const names = Object.keys(catalogue) as (keyof typeof catalogue)[];
  const homes = names.flatMap((name) => {
    const row = rowOf(name);
    return row.planned || row.namespace === undefined
      ? []
      : [{ name: name as SystemName, namespace: row.namespace }];
  });
  return new Map(
    [...Map.groupBy(homes, ({ namespace }) => namespace)].flatMap(([namespace, [first, ...others]]) =>
      first && others.length === 0 ? [[namespace, first.name] as const] : [],
    ),
  );
}
