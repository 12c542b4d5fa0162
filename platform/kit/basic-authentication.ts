import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "./password.ts";
import { secretObject } from "./secret-object.ts";
import type { ObjectMetadata } from "./system.ts";

/** The operator's account, as the source documents name it. */
const operator = "sysop";

/**
 * One operator account for all web pages that have no login of their own: a generated password, kept by the ingress
 * controller as a bcrypt hash only.
 */
export class BasicAuthentication extends pulumi.ComponentResource {
  /** The operator's password by account name; secret. */
  readonly accounts: pulumi.Output<Readonly<Record<string, string>>>;
  readonly #line: pulumi.Output<string>;
  readonly #controller: readonly pulumi.Resource[];

  /** @param controller what defines and serves logins, where the program installs it */
  constructor(controller: readonly pulumi.Resource[] = [], options?: pulumi.ComponentResourceOptions) {
    super("uap:cluster:BasicAuthentication", "basic-authentication", {}, options);
    const password = generatedPassword(operator, { parent: this });
    this.#controller = controller;
    this.accounts = password.result.apply((result): Record<string, string> => ({ [operator]: result }));
    this.#line = pulumi.interpolate`${operator}:${password.bcryptHash}`;
    this.registerOutputs({ accounts: this.accounts });
  }

  /**
   * Puts the login in front of an Ingress.
   *
   * @returns the value of Traefik's middleware annotation: `<namespace>-<name>@kubernetescrd`.
   */
  protect(
    name: string,
    metadata: ObjectMetadata,
    options: { readonly parent: pulumi.Resource },
  ): pulumi.Output<string> {
    const loginName = `${name}-login`;
    const users = secretObject(
      loginName,
      { ...metadata, name: loginName },
      this.#line.apply((line) => ({ users: `${line}\n` })),
      options,
    );
    const middleware = new kubernetes.apiextensions.CustomResource(
      loginName,
      {
        apiVersion: "traefik.io/v1alpha1",
        kind: "Middleware",
        metadata: { ...metadata, name: loginName },
        spec: { basicAuth: { secret: users.metadata.name, removeHeader: true } },
      },
      { ...options, dependsOn: [...this.#controller] },
    );
    return pulumi.interpolate`${metadata.namespace}-${middleware.metadata.name}@kubernetescrd`;
  }
}
