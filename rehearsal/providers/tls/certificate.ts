/** What `SelfSignedCert` and `LocallySignedCert` have in common. */
import { randomBytes } from "node:crypto";
import { BasicConstraintsExtension, type Extension } from "@peculiar/x509";
import { z } from "zod";
import type { Properties } from "../protocol/provider.ts";
import { allowedUses, usageExtensions } from "./usages.ts";

const hour = 60 * 60 * 1000;

export const certificateInputs = {
  allowedUses,
  validityPeriodHours: z.int().min(0),
  earlyRenewalHours: z.int().min(0).default(0),
  isCaCertificate: z.boolean().default(false),
  /** -1: no limit. */
  maxPathLength: z.int().min(-1).default(-1),
  setSubjectKeyId: z.boolean().default(false),
};

type CertificateInputs = z.output<z.ZodObject<typeof certificateInputs>>;

/** What both kinds do over time: used up when it is time for the next one, and only that moment can be moved in place. */
export const certificateLife = {
  updatable: ["earlyRenewalHours"],
  update: (inputs: CertificateInputs, state: Properties): Properties =>
    renewal(inputs, state.validityEndTime),
  refresh: (inputs: CertificateInputs, state: Properties): Properties =>
    renewal(inputs, state.validityEndTime),
  worn: (inputs: CertificateInputs, state: Properties): string | undefined =>
    renewal(inputs, state.validityEndTime).readyForRenewal ? "readyForRenewal" : undefined,
};

/** Outputs of both kinds that are known after creation. */
export const certificateOutputs = ["certPem", "readyForRenewal", "validityStartTime", "validityEndTime"];

/** From when to when a certificate that is made now is valid. Certificates count in whole seconds. */
export function validity({ validityPeriodHours }: CertificateInputs): { notBefore: Date; notAfter: Date } {
  const start = Math.floor(Date.now() / 1000) * 1000;
  return { notBefore: new Date(start), notAfter: new Date(start + validityPeriodHours * hour) };
}

/** The outputs that tell the validity. */
export function validityOutputs(
  inputs: CertificateInputs,
  { notBefore, notAfter }: ReturnType<typeof validity>,
): Properties {
  const end = timestamp(notAfter);
  return { validityStartTime: timestamp(notBefore), validityEndTime: end, ...renewal(inputs, end) };
}

/** A positive number of 128 bits, hexadecimal: unique without a register. */
export function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString("hex");
}

/** The id of a certificate: its serial number in decimal, as the official provider has it. */
export function certificateId(serialNumber: string): string {
  return BigInt(`0x${serialNumber}`).toString();
}

/** The extensions that do not depend on the keys. */
export function commonExtensions(inputs: CertificateInputs): readonly Extension[] {
  const pathLength = inputs.isCaCertificate && inputs.maxPathLength >= 0 ? inputs.maxPathLength : undefined;
  return [
    ...usageExtensions(inputs.allowedUses),
    new BasicConstraintsExtension(inputs.isCaCertificate, pathLength, true),
  ];
}

function renewal({ earlyRenewalHours }: CertificateInputs, end: unknown): { readyForRenewal: boolean } {
  return { readyForRenewal: Date.now() >= Date.parse(String(end)) - earlyRenewalHours * hour };
}

/** RFC 3339 without fractions of a second. */
function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
