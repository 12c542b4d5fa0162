import { mentionsIn, resolve, type Mention } from "./addresses.ts";
import type { ClusterModel } from "./cluster-model.ts";
import type { Workload } from "./cluster-workloads.ts";
import { apiPorts, called, edge, followed, hostsOf, nameOf, ofPlatform, type Finding } from "./edges.ts";
import { textOf } from "./objects.ts";

/** Pods that only show addresses, for browsers to go to. */
const showing: readonly string[] = ["portal/portal"];

/** What pods are told of: the addresses in whatever they read. */
export function mentions(model: ClusterModel): Finding[] {
  const datasources = model.objects.filter(({ metadata }) => metadata.labels?.grafana_datasource === "1");
  return ofPlatform(model)
    .filter((workload) => !showing.includes(nameOf(workload)))
    .flatMap((workload) => {
      const isGrafana = workload.labels["app.kubernetes.io/name"] === "grafana";
      const texts = [...workload.texts, ...(isGrafana ? datasources.map(textOf) : [])];
      return mentionsIn(texts.join("\n")).flatMap((mention) => mentioned(model, workload, mention));
    });
}

function mentioned(model: ClusterModel, from: Workload, mention: Mention): Finding[] {
  const { host, isUrl, port } = mention;
  const reason = `it is told of ${host}${port === undefined ? "" : `:${port}`}`;
  if (/^kubernetes(\.default(\.svc(\.cluster\.local)?)?)?$/.test(host) && (isUrl || port !== undefined))
    return apiPorts.map((number) => edge(from, "machines", number, reason));
  const found = resolve(mention, from.namespace, model.services, Object.keys(model.namespaces));
  if (!found) return isUrl && isOutside(model, host) && port ? [edge(from, "machines", port, reason)] : [];
  if (found.kind === "nobody") return [`${nameOf(from)}: ${reason}, where nobody is`];
  return called(from, followed(model, found.service), port, reason);
}

/** Hosts elsewhere, but not the platform's own pages, which are told for browsers. */
function isOutside(model: ClusterModel, host: string): boolean {
  const own = model.objects.flatMap((object) => (object.kind === "Ingress" ? hostsOf(object) : []));
  return host.includes(".") && !/^(127\.|0\.0\.0\.0)/.test(host) && !own.includes(host);
}
