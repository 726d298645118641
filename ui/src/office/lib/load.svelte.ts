/** Loading something to show, with its error; a late answer never overwrites a newer one. */
import { troubleText } from './problem';

export class Loaded<T> {
  data = $state.raw<T | null>(null);
  error = $state('');
  loading = $state(false);
  #turn = 0;

  async run(read: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const data = await read();
      if (turn !== this.#turn) return;
      this.data = data;
      this.error = '';
    } catch (error) {
      if (turn === this.#turn) this.error = troubleText(error);
    }
    if (turn === this.#turn) this.loading = false;
  }
}

/** A list that comes in pages: rows so far, and where the next page begins. */
export class Pages<R> {
  rows = $state.raw<R[]>([]);
  next = $state<string | null>(null);
  error = $state('');
  loading = $state(false);
  /** The first page has come at least once. */
  ready = $state(false);
  #turn = 0;
  #read: (after: string | undefined) => Promise<{ rows: R[]; next: string | null }>;

  constructor(read: (after: string | undefined) => Promise<{ rows: R[]; next: string | null }>) {
    this.#read = read;
  }

  /** From the start. */
  async load(): Promise<void> {
    await this.#page(undefined);
  }
  /** The next page, added below. */
  async more(): Promise<void> {
    if (this.next !== null && !this.loading) await this.#page(this.next);
  }

  async #page(after: string | undefined): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const page = await this.#read(after);
      if (turn !== this.#turn) return;
      this.rows = after === undefined ? page.rows : [...this.rows, ...page.rows];
      this.next = page.next;
      this.error = '';
      this.ready = true;
    } catch (error) {
      if (turn === this.#turn) this.error = troubleText(error);
    }
    if (turn === this.#turn) this.loading = false;
  }
}
