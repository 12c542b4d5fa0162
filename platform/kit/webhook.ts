import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Has Pulumi wait, as an annotation of a webhook's configuration, until the API server knows whose certificate to trust. Some time after its
 * pods are ready somebody writes that there; until then the API server refuses every object that the webhook judges, and Pulumi's provider
 * does not try again.
 */
export const untilTrusted = {
  "pulumi.com/waitFor": "jsonpath={.webhooks[*].clientConfig.caBundle}",
} as const;

/**
 * Waits until a chart's webhook can judge objects, where the chart takes no annotations for its configuration.
 *
 * @param configuration the name of the chart's ValidatingWebhookConfiguration
 * @param options `dependsOn` names the charts with the configuration and with the webhook's pods
 * @returns what objects of the webhook's kinds have to wait for
 */
export function trustedWebhook(
  configuration: string,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] },
): pulumi.Resource {
  return new kubernetes.admissionregistration.v1.ValidatingWebhookConfigurationPatch(
    configuration,
    { metadata: { name: configuration, annotations: untilTrusted } },
    options,
  );
}
