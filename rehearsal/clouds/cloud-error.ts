/** A refusal, as an HTTP API tells it. */
export class CloudError extends Error {
  override readonly name = "CloudError";
  /** HTTP status. */
  readonly status: number;
  /** Seconds after which asking again makes sense, when the cloud said so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** The inputs are not acceptable. */
export function invalid(message: string): CloudError {
  return new CloudError(422, message);
}

/** Another resource is in the way. */
export function conflict(message: string): CloudError {
  return new CloudError(409, message);
}
