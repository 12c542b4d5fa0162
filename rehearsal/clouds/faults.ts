/** Refusals on order: what a cloud answers when it has a bad day. */
import { CloudError } from "./cloud-error.ts";
import type { SimulatedCloud } from "./inventory.ts";

export type CloudOperation = "create" | "read" | "update" | "delete" | "list";

/** A rule: the next requests that it fits fail. */
export interface CloudFault {
  readonly cloud: SimulatedCloud;
  readonly operation: CloudOperation;
  /**
   * HTTP status: 401 bad token, 403 quota exceeded, 404 missing, 409 name taken, 412 sold out, 429 too many requests,
   * 5xx trouble at the cloud.
   */
  readonly status: number;
  /** How many requests fail before all is well. */
  readonly times: number;
  /** Only this kind of resource, such as `server`. @default every kind */
  readonly kind?: string;
  /** Only the resource of this name. @default every name */
  readonly name?: string;
  /** For 429 and 503: seconds after which to ask again. @default 1 */
  readonly retryAfter?: number;
  /** The request is carried out and only its answer is lost. @default false */
  readonly carriedOut?: boolean;
}

/** A request that a fault may fit. */
export interface FaultyRequest {
  readonly cloud: SimulatedCloud;
  readonly operation: CloudOperation;
  readonly kind: string;
  readonly name: string;
}

/** Faults that are left, each with the number of requests that it still fails. */
export class Faults {
  readonly #left: { readonly fault: CloudFault; times: number }[];

  constructor(faults: readonly CloudFault[]) {
    this.#left = faults.map((fault) => ({ fault, times: fault.times }));
  }

  /** The fault that this request meets, which is used up by it. */
  take(request: FaultyRequest): CloudFault | undefined {
    const found = this.#left.find(({ fault, times }) => times > 0 && fits(fault, request));
    if (found !== undefined) found.times--;
    return found?.fault;
  }
}

function fits(fault: CloudFault, request: FaultyRequest): boolean {
  return (
    fault.cloud === request.cloud &&
    fault.operation === request.operation &&
    (fault.kind === undefined || fault.kind === request.kind) &&
    (fault.name === undefined || fault.name === request.name)
  );
}

/** The refusal of a fault. */
export function faultError(fault: CloudFault, title: string, kind: string, name: string): CloudError {
  return new CloudError(
    fault.status,
    faultMessage(fault.status, title, kind, name),
    fault.status === 429 || fault.status === 503 ? (fault.retryAfter ?? 1) : undefined,
  );
}

function faultMessage(status: number, title: string, kind: string, name: string): string {
  switch (status) {
    case 401:
      return `The API token was not accepted. Check that it belongs to the right project at ${title}, has not expired and may write.`;
    case 403:
      return quotaMessage(title, kind);
    case 404:
      return `There is no ${kind} "${name}".`;
    case 409:
      return takenMessage(kind, name);
    case 412:
      return `The type is sold out in this region. Choose another type or region, or try again later.`;
    case 429:
      return `Too many requests: ${title} asks to wait.`;
    default:
      return `${title} has trouble of its own (${status}). Try again later; ${title}'s status page may say more.`;
  }
}

/** What is said when there may not be more of a kind. */
export function quotaMessage(title: string, kind: string): string {
  return `The project has reached its limit of resources of the kind "${kind}". Ask ${title} to raise the limit, or remove some.`;
}

/** What is said when a name is in use. */
export function takenMessage(kind: string, name: string): string {
  return `The name "${name}" is taken by another resource of the kind "${kind}". Rename or remove the other one, or import it.`;
}
