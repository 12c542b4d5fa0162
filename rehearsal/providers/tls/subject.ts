/** Whom a certificate is about: the distinguished name, and the alternative names that clients look at. */
import { isIP } from "node:net";
import {
  Name,
  SubjectAlternativeNameExtension,
  type Extension,
  type JsonAttributeObject,
} from "@peculiar/x509";
import { z } from "zod";

const part = z.string().optional();

/** The inputs, as `CertRequest` and `SelfSignedCert` have them. */
export const subjectInputs = {
  subject: z
    .object({
      commonName: part,
      country: part,
      emailAddress: part,
      locality: part,
      organization: part,
      organizationalUnit: part,
      postalCode: part,
      province: part,
      serialNumber: part,
      streetAddresses: z.array(z.string()).optional(),
    })
    .optional(),
  dnsNames: z.array(z.string()).optional(),
  ipAddresses: z.array(z.string().refine((address) => isIP(address) !== 0, "not an IP address")).optional(),
  uris: z.array(z.string()).optional(),
};

type SubjectInputs = z.output<z.ZodObject<typeof subjectInputs>>;

/** The distinguished name, in the order in which Go writes the parts. Attributes are from X.520; the last one is PKCS#9's. */
export function distinguishedName({ subject = {} }: SubjectInputs): Name {
  const attributes: Readonly<Record<string, readonly (JsonAttributeObject | undefined)[]>> = {
    "2.5.4.6": [printable(subject.country)],
    "2.5.4.10": [utf8(subject.organization)],
    "2.5.4.11": [utf8(subject.organizationalUnit)],
    "2.5.4.7": [utf8(subject.locality)],
    "2.5.4.8": [utf8(subject.province)],
    "2.5.4.9": (subject.streetAddresses ?? []).map(utf8),
    "2.5.4.17": [utf8(subject.postalCode)],
    "2.5.4.3": [utf8(subject.commonName)],
    "2.5.4.5": [utf8(subject.serialNumber)],
    "1.2.840.113549.1.9.1": [ia5(subject.emailAddress)],
  };
  return new Name(
    Object.entries(attributes).flatMap(([attribute, values]) => {
      const given = values.filter((value) => value !== undefined);
      return given.length === 0 ? [] : [{ [attribute]: given }];
    }),
  );
}

function utf8(text: string | undefined): JsonAttributeObject | undefined {
  return text === undefined ? undefined : { utf8String: text };
}

function printable(text: string | undefined): JsonAttributeObject | undefined {
  return text === undefined ? undefined : { printableString: text };
}

function ia5(text: string | undefined): JsonAttributeObject | undefined {
  return text === undefined ? undefined : { ia5String: text };
}

/** The extension with DNS names, addresses and URIs: none where there are none. Critical when there is no other name. */
export function alternativeNames(inputs: SubjectInputs): readonly Extension[] {
  const names = [
    ...(inputs.dnsNames ?? []).map((value) => ({ type: "dns", value }) as const),
    ...(inputs.ipAddresses ?? []).map((value) => ({ type: "ip", value }) as const),
    ...(inputs.uris ?? []).map((value) => ({ type: "url", value }) as const),
  ];
  if (names.length === 0) return [];
  return [new SubjectAlternativeNameExtension(names, distinguishedName(inputs).toJSON().length === 0)];
}
