/** What the customer reads. */
import { catalogue } from '../i18n/language.svelte';

const de = {
  title: (shop: string) => `${shop} – Kundenanzeige`,
  welcome: 'Herzlich willkommen', total: 'zu zahlen', refund: 'Sie bekommen', paid: 'bezahlt', saved: 'Gespart', thanks: 'Danke!', bye: 'Auf Wiedersehen.',
  change: 'Rückgeld', given: 'Gegeben', out: 'Ausgezahlt', deposit: 'Pfand', each: (price: string) => `je ${price}`, per: (price: string, unit: string) => `${price} je ${unit}`,
  articles: (n: string, one: boolean) => (one ? '1 Artikel' : `${n} Artikel`), training: 'Schulung – kein Verkauf', closed: 'Einen Moment bitte.',
};
const en: typeof de = {
  title: (shop) => `${shop} – customer display`,
  welcome: 'Welcome', total: 'to pay', refund: 'You receive', paid: 'paid', saved: 'Saved', thanks: 'Thank you!', bye: 'See you soon.',
  change: 'Change', given: 'Given', out: 'Paid out', deposit: 'Deposit', each: (price) => `${price} each`, per: (price, unit) => `${price} per ${unit}`,
  articles: (n, one) => (one ? '1 article' : `${n} articles`), training: 'Training – not a sale', closed: 'One moment please.',
};
export const display = catalogue(de, en);
