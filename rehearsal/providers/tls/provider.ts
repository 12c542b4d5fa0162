import type { Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";
import { certificateRequest } from "./certificate-request.ts";
import { locallySignedCertificate } from "./locally-signed-certificate.ts";
import { privateKey } from "./private-key.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

/** Stand-in for the `tls` provider: real keys and certificates, which other software accepts. */
export function tls(): Provider {
  return providerOf("tls", {
    "tls:index/certRequest:CertRequest": certificateRequest,
    "tls:index/locallySignedCert:LocallySignedCert": locallySignedCertificate,
    "tls:index/privateKey:PrivateKey": privateKey,
    "tls:index/selfSignedCert:SelfSignedCert": selfSignedCertificate,
  });
}
