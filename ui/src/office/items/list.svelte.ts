/** What was searched for stays while somebody looks at an item and comes back. */
import { api } from '../lib/api';
import { Loaded } from '../lib/load.svelte';
import type { ItemPage } from '../lib/reads';

class ItemSearch {
  q = $state('');
  group = $state('');
  /** Where each page so far began; the last is the one shown. */
  cursors = $state<(string | undefined)[]>([undefined]);
  page = new Loaded<ItemPage>();

  async load(): Promise<void> {
    const after = this.cursors.at(-1);
    await this.page.run(() => api.items({ q: this.q.trim() || undefined, group: this.group || undefined, after, limit: 50 }));
  }
  search(): void {
    this.cursors = [undefined];
    void this.load();
  }
  next(): void {
    const next = this.page.data?.next;
    if (next === null || next === undefined) return;
    this.cursors = [...this.cursors, next];
    void this.load();
  }
  back(): void {
    if (this.cursors.length > 1) this.cursors = this.cursors.slice(0, -1);
    void this.load();
  }
}

export const list = new ItemSearch();
