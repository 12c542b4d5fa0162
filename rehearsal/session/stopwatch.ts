/** Seconds that the parts of a run took, in the order in which they ended. */
export class Stopwatch {
  readonly #started = performance.now();
  readonly #parts = new Map<string, number>();

  /** Does a piece of work and notes how long it took. */
  async time<Result>(part: string, work: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#parts.set(part, (performance.now() - started) / 1000);
    }
  }

  get parts(): ReadonlyMap<string, number> {
    return this.#parts;
  }

  /** Seconds since the stopwatch was made. */
  get total(): number {
    return (performance.now() - this.#started) / 1000;
  }
}
