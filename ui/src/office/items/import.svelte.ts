/** The import under way. It lives outside the page, so that looking at something else does not lose it. */
import { api } from '../lib/api';
import { troubleText } from '../lib/problem';
import type { ImportStatus } from '../lib/reads';
import { shop } from '../lib/shop.svelte';
import { t } from '../i18n';

/** Most bytes of a file, as the shop takes them. */
const LIMIT_MB = 256;

class CatalogueImport {
  status = $state.raw<ImportStatus | null>(null);
  /** The file that is on its way to the shop. */
  sending = $state('');
  error = $state('');
  cancelling = $state(false);
  #watching = false;

  async choose(file: File): Promise<void> {
    this.error = '';
    if (file.size > LIMIT_MB * 1024 * 1024) {
      this.error = t().items.import.tooBig(String(LIMIT_MB));
      return;
    }
    this.status = null;
    this.sending = file.name;
    await this.#take(() => api.beginImport(file));
    this.sending = '';
  }
  async apply(keepGood: boolean): Promise<void> {
    const id = this.status?.id;
    if (id !== undefined) await this.#take(() => api.applyImport(id, keepGood));
  }
  async cancel(): Promise<void> {
    const id = this.status?.id;
    if (id === undefined) return;
    this.cancelling = true;
    try {
      await api.cancelImport(id);
      this.status = await api.import(id);
    } catch (error) {
      this.error = troubleText(error);
    }
    this.cancelling = false;
  }
  /** Back to choosing a file; a preview that waits is given up. */
  async reset(): Promise<void> {
    if (this.status?.state === 'ready') await this.cancel();
    this.status = null;
    this.error = '';
  }

  async #take(ask: () => Promise<ImportStatus>): Promise<void> {
    this.error = '';
    try {
      this.status = await ask();
      await this.#watch();
    } catch (error) {
      this.error = troubleText(error);
    }
  }
  async #watch(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    try {
      while (this.status?.state === 'analysing' || this.status?.state === 'applying') {
        await new Promise((done) => setTimeout(done, 300));
        this.status = await api.import(this.status.id);
      }
    } finally {
      this.#watching = false;
    }
    // New groups came with the items.
    if (this.status?.state === 'done') await shop.loadSettings();
  }
}

export const catalogueImport = new CatalogueImport();
