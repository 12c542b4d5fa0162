import { inspect } from "node:util";

const hidden = "[secret]";

/**
 * A secret of the configuration: printing it, in any of the ways that JavaScript knows, shows `[secret]`.
 *
 * `reveal` is called in one place only: where the value is handed to Pulumi as `pulumi.secret(sensitive.reveal())`.
 */
export class Sensitive {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}
