import * as pulumi from "@pulumi/pulumi";
import { readConfiguration } from "./config/index.ts";
import { connectCluster } from "./infra/cluster.ts";
import { costOf } from "./infra/sizing/cost.ts";
import { catalogue } from "./platform/catalogue.ts";
import { fitOf } from "./platform/demands.ts";
import { deployPlatform } from "./platform/index.ts";
import { planSummary } from "./platform/plan-summary.ts";
import { stackChecks } from "./platform/stack-checks.ts";

/**
 * The whole program: configuration → cluster → layers → outputs.
 *
 * A function, so that the engine can run it more than once in one process, as the rehearsal does.
 *
 * @returns the stack's outputs.
 */
export default function program(): Record<string, pulumi.Input<unknown>> {
  const configuration = readConfiguration(catalogue, stackChecks);
  const { nodes, fit } = fitOf(configuration);
  const cost = costOf(configuration.pools);
  if (pulumi.runtime.isDryRun()) void pulumi.log.info(planSummary(cost, fit));
  const cluster = connectCluster(configuration);
  const platform = deployPlatform(configuration, cluster);

  return {
    kubeconfig: cluster.kubeconfig,
    ...(cluster.sshKey && { sshKey: cluster.sshKey }),
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
