/** What a certificate may be used for: RFC 5280 §4.2.1.3 and §4.2.1.12. */
import { ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, type Extension } from "@peculiar/x509";
import { z } from "zod";

const keyUsages = {
  digital_signature: KeyUsageFlags.digitalSignature,
  content_commitment: KeyUsageFlags.nonRepudiation,
  key_encipherment: KeyUsageFlags.keyEncipherment,
  data_encipherment: KeyUsageFlags.dataEncipherment,
  key_agreement: KeyUsageFlags.keyAgreement,
  cert_signing: KeyUsageFlags.keyCertSign,
  crl_signing: KeyUsageFlags.cRLSign,
  encipher_only: KeyUsageFlags.encipherOnly,
  decipher_only: KeyUsageFlags.decipherOnly,
} as const;

const extendedKeyUsages = {
  any_extended: "2.5.29.37.0",
  server_auth: "1.3.6.1.5.5.7.3.1",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  timestamping: "1.3.6.1.5.5.7.3.8",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
  microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
  microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
  microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
  netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
} as const;

/** The names that `allowedUses` takes. */
export const allowedUses = z.array(z.enum([...names(keyUsages), ...names(extendedKeyUsages)]));

/** The extensions that say so: none where no use is named. */
export function usageExtensions(uses: z.output<typeof allowedUses>): readonly Extension[] {
  const flags: KeyUsageFlags[] = uses
    .filter((use) => use in keyUsages)
    .map((use) => keyUsages[use as keyof typeof keyUsages]);
  const extended = uses
    .filter((use) => use in extendedKeyUsages)
    .map((use) => extendedKeyUsages[use as keyof typeof extendedKeyUsages]);
  return [
    ...(flags.length === 0
      ? []
      : [
          new KeyUsagesExtension(
            flags.reduce((all, flag) => all | flag),
            true,
          ),
        ]),
    ...(extended.length === 0 ? [] : [new ExtendedKeyUsageExtension(extended)]),
  ];
}

function names<Table extends object>(table: Table): (keyof Table & string)[] {
  return Object.keys(table) as (keyof Table & string)[];
}
