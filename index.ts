import * as pulumi from "@pulumi/pulumi";
import { readConfiguration } from "./config/index.ts";
import { connectCluster } from "./infra/cluster.ts";
import { costOf } from "./infra/sizing/cost.ts";
import { catalogue } from "./platform/catalogue.ts";
import { requireFit } from "./platform/demands.ts";
import { requireCharts } from "./platform/charts/require-charts.ts";
import { requireMeshMembers } from "./platform/cluster/istio/mesh.ts";
import { deployPlatform } from "./platform/index.ts";
import { planSummary } from "./platform/plan-summary.ts";
import { requireStorage } from "./platform/storage/require-storage.ts";

/**
 * The whole program: configuration → cluster → layers → outputs.
 *
 * A function, so that the engine can run it more than once in one process, as the rehearsal does.
 *
 * @returns the stack's outputs.
 */
export default function program(): Record<string, pulumi.Input<unknown>> {
  const configuration = readConfiguration(catalogue);
  const { nodes, fit } = requireFit(configuration);
  requireCharts(configuration);
  requireMeshMembers(configuration);
  requireStorage(configuration);
  const cost = costOf(configuration.pools);
  if (pulumi.runtime.isDryRun()) void pulumi.log.info(planSummary(cost, fit));
  const cluster = connectCluster(configuration);
  const platform = deployPlatform(configuration, cluster);

  return {
    kubeconfig: cluster.kubeconfig,
    nodes,
    cost,
    fit,
    urls: platform.urls,
    credentials: platform.credentials,
    ...(platform.objectStore && { objectStore: platform.objectStore }),
    userKubeconfigs: platform.userKubeconfigs,
    ...(platform.sealingCertificate && { sealingCertificate: platform.sealingCertificate }),
  };
}
