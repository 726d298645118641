/** Who is signed in, and the settings that every page needs to show names, groups and amounts. */
import { inLanguage, shopLanguage } from '../../i18n/language.svelte';
import { minorDigits } from '../../kit/format';
import { api } from './api';
import type { CountryView } from './reads';
import type { Amount, Permission, PersonView, Settings } from './types';

class Shop {
  person = $state<PersonView | null>(null);
  permissions = $state<string[]>([]);
  settings = $state.raw<Settings | null>(null);
  /** What the shop's country asks for and offers. */
  country = $state.raw<CountryView | null>(null);
  /** What is sold is not signed by a certified unit. */
  practice = $state(false);
  /** A demo: its simulated devices stand side by side on a page. */
  counter = $state(false);
  /** The session ended under somebody's hands. */
  ended = $state(false);
  /** Rises when something that the navigation counts has changed. */
  lowStock = $state<number | null>(null);
  doubts = $state<number | null>(null);
  bankWaiting = $state<number | null>(null);
  terminalDays = $state<number | null>(null);

  may(permission: Permission): boolean {
    return this.permissions.includes(permission);
  }

  get currency(): string {
    return this.settings?.currency ?? 'EUR';
  }
  get digits(): number {
    return minorDigits(this.currency);
  }
  amount(minor: number): Amount {
    return { amount: minor, currency: this.currency };
  }
  /** What a VAT number is called here. */
  get vatNumber(): string {
    return this.country ? inLanguage(this.country.vat_number) : '';
  }
  group(id: number | null | undefined): string {
    return this.settings?.groups.find((group) => group.id === id)?.name ?? '';
  }
  till(id: number): string {
    return this.settings?.tills.find((till) => till.id === id)?.name ?? String(id);
  }

  async loadSettings(): Promise<void> {
    const [{ settings }, country] = await Promise.all([api.settings(), api.country()]);
    this.settings = settings;
    this.country = country;
    shopLanguage(settings.language);
  }

  signedOut(ended: boolean): void {
    this.person = null;
    this.permissions = [];
    this.settings = null;
    this.country = null;
    this.ended = ended;
    this.lowStock = null;
    this.doubts = null;
    this.bankWaiting = null;
    this.terminalDays = null;
  }
}

export const shop = new Shop();
