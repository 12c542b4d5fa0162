import { UserError } from "../errors.ts";

/** One reason among several why the API server refused an object. */
export interface StatusCause {
  /** For example `FieldValueInvalid`. */
  readonly reason?: string;
  readonly message?: string;
  /** The property's path, for example `spec.ports[0].port`. */
  readonly field?: string;
}

/** What a refusal is about. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** The `Status` object with which the API server answers when it refuses. */
export interface Status {
  readonly kind: "Status";
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: StatusDetails;
}

/** The API server refused a request. The message is the server's own. */
export class KubernetesError extends Error {
  override readonly name = "KubernetesError";
  /** The HTTP status, for example 404. */
  readonly status: number;
  /** The server's machine-readable reason, for example `NotFound`, `Conflict`, `Invalid`. */
  readonly reason: string;
  readonly details: StatusDetails;

  constructor(status: Status, code = status.code ?? 500) {
    super(status.message ?? `The Kubernetes API server answered ${code}.`);
    this.status = code;
    this.reason = status.reason ?? "Unknown";
    this.details = status.details ?? {};
  }

  /** Makes the error of an answer whose body may or may not be a Status. */
  static fromResponse(code: number, body: string): KubernetesError {
    const status = parseStatus(body);
    if (status !== undefined) return new KubernetesError(status, code);
    const message =
      body.trim() === "" ? undefined : `The Kubernetes API server answered ${code}: ${body.trim()}`;
    return new KubernetesError({ kind: "Status", ...(message === undefined ? {} : { message }) }, code);
  }
}

/** Tells whether an error is the API server's refusal with one of these HTTP statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is KubernetesError {
  return error instanceof KubernetesError && statuses.includes(error.status);
}

/** The API server cannot be reached, or went away before it answered. */
export class UnreachableError extends UserError {
  /** The network's error code, for example `ECONNREFUSED`. */
  readonly code: string;

  constructor(server: string, cause: unknown) {
    const code = codeOf(cause);
    super(`The Kubernetes API server ${server} ${explain(code, cause)}`, { cause });
    this.code = code;
  }
}

function explain(code: string, cause: unknown): string {
  switch (code) {
    case "ECONNREFUSED":
      return "refuses connections: is the cluster running?";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "cannot be found by name: check the server's address in the kubeconfig and your DNS.";
    case "UND_ERR_CONNECT_TIMEOUT":
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "does not answer: check the network between here and there (VPN, firewall), and that the cluster runs.";
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return "closed the connection before it answered: it may be restarting.";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "CERT_SIGNATURE_FAILURE":
      return "shows a certificate of another authority than the kubeconfig's: the kubeconfig belongs to another cluster.";
    case "CERT_HAS_EXPIRED":
      return "shows a certificate that has expired: renew the cluster's certificates.";
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "shows a certificate for other names than this address: use an address that the certificate names.";
    default:
      return `cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** The first error code in a chain of causes. */
function codeOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ("code" in current && typeof current.code === "string") return current.code;
    if (current instanceof AggregateError) return codeOf(current.errors[0]);
  }
  return "UNKNOWN";
}

function parseStatus(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isStatus =
      typeof value === "object" && value !== null && "kind" in value && value.kind === "Status";
    return isStatus ? (value as Status) : undefined;
  } catch {
    return undefined;
  }
}
