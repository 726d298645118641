/** What the customer reads. */
import { catalogue } from '../i18n/language.svelte';

const de = {
  title: (shop: string) => `${shop} – Kundenanzeige`,
  welcome: 'Herzlich willkommen', total: 'zu zahlen', refund: 'Sie bekommen', paid: 'bezahlt', saved: 'Gespart', thanks: 'Danke!', bye: 'Auf Wiedersehen.',
  change: 'Rückgeld', given: 'Gegeben', out: 'Ausgezahlt', deposit: 'Pfand', each: (price: string) => `je ${price}`, per: (price: string, unit: string) => `${price} je ${unit}`,
  articles: (n: string, one: boolean) => (one ? '1 Artikel' : `${n} Artikel`), training: 'Schulung – kein Verkauf', practice: 'TEST – keine echte Signatur', closed: 'Einen Moment bitte.',
  receipt: { scan: 'Ihr Beleg zum Mitnehmen', how: 'Mit dem Handy scannen', qr: 'QR-Code zu Ihrem Beleg', coming: 'Ihr Beleg ist gleich abrufbar.' },
  transfer: { scan: 'Mit der Banking-App scannen', qr: 'QR-Code für die Überweisung', reference: 'Verwendungszweck' },
  cash: { insert: 'Bitte Geld in den Automaten geben', take: 'Bitte das Geld entnehmen', change: 'Ihr Rückgeld kommt', back: 'Ihr Geld kommt zurück', open: 'noch zu zahlen', amount: 'bar am Automaten', inserted: 'eingeworfen' },
  card: {
    at: 'Bitte Karte ans Terminal halten oder stecken', follow: 'Bitte den Anweisungen am Terminal folgen', wait: 'Einen Moment bitte', remove: 'Bitte die Karte entnehmen', pin: 'Die PIN war falsch. Bitte noch einmal',
    done: 'Genehmigt', amount: 'mit Karte', refund: 'zurück auf die Karte', reversal: 'wird zurückgenommen', reserved: 'wird reserviert', not_charged: 'Die Karte wurde nicht belastet.', unknown: 'Einen Moment bitte, wir klären die Zahlung.',
  },
};
const en: typeof de = {
  title: (shop) => `${shop} – customer display`,
  welcome: 'Welcome', total: 'to pay', refund: 'You receive', paid: 'paid', saved: 'Saved', thanks: 'Thank you!', bye: 'See you soon.',
  change: 'Change', given: 'Given', out: 'Paid out', deposit: 'Deposit', each: (price) => `${price} each`, per: (price, unit) => `${price} per ${unit}`,
  articles: (n, one) => (one ? '1 article' : `${n} articles`), training: 'Training – not a sale', practice: 'TEST – no real signature', closed: 'One moment please.',
  receipt: { scan: 'Your receipt to take along', how: 'Scan it with your phone', qr: 'QR code of your receipt', coming: 'Your receipt will be ready in a moment.' },
  transfer: { scan: 'Scan with your banking app', qr: 'QR code of the transfer', reference: 'Reference' },
  cash: { insert: 'Please put your money into the machine', take: 'Please take your money', change: 'Your change is coming', back: 'Your money is coming back', open: 'still to pay', amount: 'in cash at the machine', inserted: 'put in' },
  card: {
    at: 'Please tap or insert your card at the terminal', follow: 'Please follow the terminal', wait: 'One moment please', remove: 'Please take your card out', pin: 'The PIN was wrong. Please try again',
    done: 'Approved', amount: 'by card', refund: 'back to the card', reversal: 'being taken back', reserved: 'being reserved', not_charged: 'Your card was not charged.', unknown: 'One moment please, we are clearing up the payment.',
  },
};
export const display = catalogue(de, en);
