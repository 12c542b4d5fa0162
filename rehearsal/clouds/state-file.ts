import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent, writePrivateFile } from "../kubernetes/private-file.ts";
import { nothing, type CloudsState } from "./inventory.ts";

/** Keeps the state in a folder: each change is in the file before anybody hears of it. User-data is in it, so it is private. */
export class StateFile {
  readonly #file: string;
  #state: CloudsState;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(file: string, state: CloudsState) {
    this.#file = file;
    this.#state = state;
  }

  static async open(folder: string): Promise<StateFile> {
    await mkdir(folder, { recursive: true });
    const file = join(folder, "clouds.json");
    const contents = await readIfPresent(file);
    return new StateFile(file, contents === undefined ? nothing : (JSON.parse(contents) as CloudsState));
  }

  get state(): CloudsState {
    return this.#state;
  }

  /** Changes made while a write is under way share the next one. */
  async save(state: CloudsState): Promise<void> {
    if (state === this.#state) return this.#next ?? this.#writing;
    this.#state = state;
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined;
      this.#writing = writePrivateFile(this.#file, JSON.stringify(this.#state));
      return this.#writing;
    });
    return this.#next;
  }
}
