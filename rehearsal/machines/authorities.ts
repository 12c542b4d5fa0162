import type { BootPlan } from "../clouds/boot.ts";
import type { Authorities } from "../kubernetes/pki/pki.ts";

/** The authorities that a server was given, as the API server of its cluster wants them. */
export function authoritiesOf({ authorities }: BootPlan): Authorities {
  const file = (name: string) => authorities[name] ?? "";
  return {
    server: { certificate: file("server-ca.crt"), key: file("server-ca.key") },
    client: { certificate: file("client-ca.crt"), key: file("client-ca.key") },
    serviceAccountKey: file("service.key"),
  };
}
