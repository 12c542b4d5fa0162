import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What a request's signature must be, by version 4 of AWS' signing process, as S3 checks it. */
export function signatureOf({ headers, method = "", url = "" }: IncomingMessage, secretKey: string): string {
  const [, scope = "", names = ""] =
    /Credential=[^/]+\/([^,]+), *SignedHeaders=([^,]+)/.exec(headers.authorization ?? "") ?? [];
  const signed = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, url, "", signed.join(""), names, String(headers["x-amz-content-sha256"])].join(
    "\n",
  );
  const [day = "", region = "", service = "", end = ""] = scope.split("/");
  const text = [
    "AWS4-HMAC-SHA256",
    String(headers["x-amz-date"]),
    scope,
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");
  const key = [day, region, service, end].reduce<string | Buffer>(
    (previous, part) => createHmac("sha256", previous).update(part).digest(),
    `AWS4${secretKey}`,
  );
  return createHmac("sha256", key).update(text).digest("hex");
}
